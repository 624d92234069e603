using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace Mooring.Server.Http;

/// <summary>What the API reference says of an endpoint beyond its bodies.</summary>
/// <param name="Refusals">The errors that it answers with, beside those that any endpoint does.</param>
internal sealed record EndpointRefusals(IReadOnlyList<Type> Refusals);

/// <summary>That an endpoint answers 201 where it succeeds (contract 13, D3).</summary>
internal sealed record EndpointCreates;

/// <summary>That an endpoint answers in another shape too, by what the request says.</summary>
internal sealed record EndpointAnswersAlso(Type Type);

internal static class EndpointDescription
{
    /// <summary>Gives an endpoint its name in the reference and one sentence about it.</summary>
    public static RouteHandlerBuilder Describe(this RouteHandlerBuilder builder, string name, string sentence) =>
        builder.WithName(name).WithSummary(sentence);

    /// <summary>Names the kinds of <see cref="MooringError"/> that an endpoint answers with.</summary>
    public static RouteHandlerBuilder Refuses(this RouteHandlerBuilder builder, params Type[] errors) =>
        builder.WithMetadata(new EndpointRefusals(errors));

    /// <summary>Says that an endpoint answers 201.</summary>
    public static RouteHandlerBuilder Creates(this RouteHandlerBuilder builder) =>
        builder.WithMetadata(new EndpointCreates());

    /// <summary>Names a second shape that an endpoint answers in.</summary>
    public static RouteHandlerBuilder AnswersAlso<T>(this RouteHandlerBuilder builder) =>
        builder.WithMetadata(new EndpointAnswersAlso(typeof(T)));
}
