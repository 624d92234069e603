using System.Data.Common;
using System.Net;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Mooring.Benchmarks.Records;
using Mooring.Contract.Json;
using Mooring.Contract.V1;

namespace Mooring.Benchmarks.Hosting;

/// <summary>
/// The reference: the shortest program on the same framework and driver that answers the same bytes from the same
/// tables, and accepts a disk with the same rows in the same durability. Nothing is checked but the key.
/// </summary>
internal static class BareHost
{
    public static async Task<WebApplication> StartAsync(Engine engine, CancellationToken ct)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Listen(IPAddress.Loopback, 0);
        });
        builder.Logging.ClearProviders();
        var app = builder.Build();
        var reads = new BareReads(engine);
        IBareWrites writes = engine.IsSqlite ? new BareSqliteWrites(engine) : new BarePostgresWrites(engine);
        app.MapGet("/api/v1/disks/{id}", (string id, HttpContext context) => GetAsync(context, reads, id));
        app.MapGet(
            "/api/v1/disks/",
            (int limit, int offset, HttpContext context) => ListAsync(context, reads, limit, offset));
        app.MapPost("/api/v1/disks/", (HttpContext context) => CreateAsync(context, reads, writes));
        await app.StartAsync(ct);
        return app;
    }

    private static async Task GetAsync(HttpContext context, BareReads reads, string id)
    {
        Disk disk;
        await using (var connection = await reads.OpenAsync(context.RequestAborted))
        {
            var key = await KeyAsync(context, connection);
            disk = await reads.DiskAsync(connection, key, id, context.RequestAborted);
        }

        await WriteAsync(context, 200, disk, ContractJson.Wire.Disk);
    }

    private static async Task ListAsync(HttpContext context, BareReads reads, int limit, int offset)
    {
        DiskList page;
        await using (var connection = await reads.OpenAsync(context.RequestAborted))
        {
            var key = await KeyAsync(context, connection);
            page = await reads.ListAsync(connection, key, limit, offset, context.RequestAborted);
        }

        await WriteAsync(context, 200, page, ContractJson.Wire.DiskList);
    }

    private static async Task CreateAsync(HttpContext context, BareReads reads, IBareWrites writes)
    {
        BareKey key;
        await using (var connection = await reads.OpenAsync(context.RequestAborted))
        {
            key = await KeyAsync(context, connection);
        }

        var wanted = await JsonSerializer.DeserializeAsync(
            context.Request.BodyReader, ContractJson.Default.CreateDiskRequest, context.RequestAborted);
        var disk = await writes.CreateAsync(NewDisk.Of(wanted!, key), context.RequestAborted);
        await WriteAsync(context, 201, disk, ContractJson.Wire.Disk);
    }

    private static async Task<BareKey> KeyAsync(HttpContext context, DbConnection connection)
    {
        var secret = context.Request.Headers.Authorization.ToString()["Bearer ".Length..];
        return await BareReads.KeyAsync(connection, secret, context.RequestAborted)
            ?? throw new BadHttpRequestException("The key is wrong.", 401);
    }

    private static Task WriteAsync<T>(HttpContext context, int status, T value, JsonTypeInfo<T> type)
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = "application/json";
        return JsonSerializer.SerializeAsync(context.Response.BodyWriter, value, type, context.RequestAborted);
    }
}
