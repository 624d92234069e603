using System.Reflection;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.Extensions.DependencyInjection;
using Mooring.Contract.Json;
using Mooring.Server.Persistence;

namespace Mooring.Server.Http;

/// <summary>What an endpoint answers: a record of the contract, or the error that says why not.</summary>
internal sealed class Answer<T> : IResult, IEndpointMetadataProvider
    where T : class
{
    private Answer(T? value, MooringError? error, int status) => (Value, Error, Status) = (value, error, status);

    /// <summary>The record; null where there is an error.</summary>
    public T? Value { get; }

    /// <summary>Why not; null where there is a value.</summary>
    public MooringError? Error { get; }

    /// <summary>The HTTP status.</summary>
    public int Status { get; }

    public static implicit operator Answer<T>(T value) => new(value, null, StatusCodes.Status200OK);

    public static implicit operator Answer<T>(MooringError error) => new(null, error, ErrorMap.StatusOf(error));

    public Task ExecuteAsync(HttpContext httpContext) =>
        HttpMethods.IsPost(httpContext.Request.Method) && httpContext.Features.Get<Once>() is { } once
            ? FinishAsync(httpContext, once)
            : WriteAsync(httpContext);

    public static void PopulateMetadata(MethodInfo method, EndpointBuilder builder) =>
        builder.Metadata.Add(
            new ProducesResponseTypeMetadata(StatusCodes.Status200OK, typeof(T), ["application/json"]));

    /// <summary>For interfaces, from which C# has no implicit conversion.</summary>
    public static Answer<T> Ok(T value) => new(value, null, StatusCodes.Status200OK);

    /// <summary>The answer of a creating request: 201 (contract 13, D3).</summary>
    public static Answer<T> Created(T value) => new(value, null, StatusCodes.Status201Created);

    /// <summary>The value as it is written.</summary>
    public string ToJson() => JsonSerializer.Serialize(Value!, Json);

    private static JsonTypeInfo<T> Json => (JsonTypeInfo<T>)ContractJson.Wire.GetTypeInfo(typeof(T))!;

    private async Task FinishAsync(HttpContext context, Once once)
    {
        var database = context.RequestServices.GetRequiredService<Database>();
        var refusal = await once.FinishAsync(this, database, context.RequestAborted);
        await (refusal is null ? this : refusal).WriteAsync(context);
    }

    private Task WriteAsync(HttpContext context)
    {
        if (Error is not null)
        {
            return ErrorResponses.WriteAsync(context, Status, Error.Message);
        }

        context.Response.StatusCode = Status;
        context.Response.ContentType = "application/json";
        return JsonSerializer.SerializeAsync(context.Response.BodyWriter, Value!, Json, context.RequestAborted);
    }
}
