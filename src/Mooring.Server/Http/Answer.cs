using System.Reflection;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Metadata;
using Mooring.Contract.Json;

namespace Mooring.Server.Http;

/// <summary>What an endpoint answers: a record of the contract, or the error that says why not.</summary>
internal sealed class Answer<T> : IResult, IEndpointMetadataProvider
    where T : class
{
    private readonly T? _value;
    private readonly MooringError? _error;
    private readonly int _status;

    private Answer(T? value, MooringError? error, int status) => (_value, _error, _status) = (value, error, status);

    public static implicit operator Answer<T>(T value) => new(value, null, StatusCodes.Status200OK);

    public static implicit operator Answer<T>(MooringError error) => new(null, error, ErrorMap.StatusOf(error));

    public Task ExecuteAsync(HttpContext httpContext) => _error is null
        ? WriteAsync(httpContext, _status, _value!)
        : ErrorResponses.WriteAsync(httpContext, _status, _error.Message);

    public static void PopulateMetadata(MethodInfo method, EndpointBuilder builder) =>
        builder.Metadata.Add(
            new ProducesResponseTypeMetadata(StatusCodes.Status200OK, typeof(T), ["application/json"]));

    /// <summary>For interfaces, from which C# has no implicit conversion.</summary>
    public static Answer<T> Ok(T value) => new(value, null, StatusCodes.Status200OK);

    /// <summary>The answer of a creating request: 201 (contract 13, D3).</summary>
    public static Answer<T> Created(T value) => new(value, null, StatusCodes.Status201Created);

    private static Task WriteAsync(HttpContext context, int status, T value)
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = "application/json";
        var type = (JsonTypeInfo<T>)ContractJson.Wire.GetTypeInfo(typeof(T))!;
        return JsonSerializer.SerializeAsync(context.Response.BodyWriter, value, type, context.RequestAborted);
    }
}
