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
        var json = ContractJson.Wire;
        app.MapGet("/api/v1/disks/{id}", (string id, HttpContext context) => AnswerAsync(
            context,
            reads,
            200,
            (connection, key) => reads.DiskAsync(connection, key, id, context.RequestAborted),
            json.Disk));
        app.MapGet("/api/v1/disks/", (int limit, int offset, HttpContext context) => AnswerAsync(
            context,
            reads,
            200,
            (connection, key) => reads.ListAsync(connection, key, limit, offset, context.RequestAborted),
            json.DiskList));
        app.MapPost("/api/v1/disks/", async (HttpContext context) =>
        {
            var wanted = await JsonSerializer.DeserializeAsync(
                context.Request.BodyReader, json.CreateDiskRequest, context.RequestAborted);
            await AnswerAsync(
                context,
                reads,
                201,
                (_, key) => writes.CreateAsync(NewDisk.Of(wanted!, key), context.RequestAborted),
                json.Disk);
        });
        await app.StartAsync(ct);
        return app;
    }

    private static async Task AnswerAsync<T>(
        HttpContext context,
        BareReads reads,
        int status,
        Func<System.Data.Common.DbConnection, BareKey, Task<T>> answer,
        JsonTypeInfo<T> type)
    {
        T value;
        await using (var connection = await reads.OpenAsync(context.RequestAborted))
        {
            var secret = context.Request.Headers.Authorization.ToString()["Bearer ".Length..];
            if (await reads.KeyAsync(connection, secret, context.RequestAborted) is not { } key)
            {
                context.Response.StatusCode = 401;
                return;
            }

            value = await answer(connection, key);
        }

        context.Response.StatusCode = status;
        context.Response.ContentType = "application/json";
        await JsonSerializer.SerializeAsync(context.Response.BodyWriter, value, type, context.RequestAborted);
    }
}
