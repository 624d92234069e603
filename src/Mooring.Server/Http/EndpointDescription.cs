using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Metadata;
using Mooring.Contract.V1;

namespace Mooring.Server.Http;

/// <summary>That an endpoint answers 201 where it succeeds (contract 13, D3).</summary>
internal sealed record EndpointCreates;

/// <summary>That an endpoint answers in another shape too, by what the request says.</summary>
internal sealed record EndpointAnswersAlso(Type Type);

/// <summary>What the API reference says of an endpoint beyond its bodies.</summary>
internal static class EndpointDescription
{
    /// <summary>Gives an endpoint its name in the reference and one sentence about it.</summary>
    public static RouteHandlerBuilder Describe(this RouteHandlerBuilder builder, string name, string sentence) =>
        builder.WithName(name).WithSummary(sentence);

    /// <summary>Names the kinds of <see cref="MooringError"/> that an endpoint answers with.</summary>
    public static RouteHandlerBuilder Refuses(this RouteHandlerBuilder builder, params Type[] errors) =>
        builder.WithMetadata([.. errors.Select(ErrorMap.StatusOf).Distinct().Select(Refusal)]);

    /// <summary>Says that an endpoint answers 201.</summary>
    public static RouteHandlerBuilder Creates(this RouteHandlerBuilder builder) =>
        builder.WithMetadata(new EndpointCreates());

    /// <summary>Names a second shape that an endpoint answers in.</summary>
    public static RouteHandlerBuilder AnswersAlso<T>(this RouteHandlerBuilder builder) =>
        builder.WithMetadata(new EndpointAnswersAlso(typeof(T)));

    /// <summary>An answer with <c>detail</c>, for the reference.</summary>
    public static IProducesResponseTypeMetadata Refusal(int status) => new ProducesResponseTypeMetadata(
        status,
        status == StatusCodes.Status422UnprocessableEntity ? typeof(ValidationErrorBody) : typeof(ErrorBody),
        ["application/json"]);
}
