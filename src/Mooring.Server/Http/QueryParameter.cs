using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace Mooring.Server.Http;

/// <summary>
/// A query parameter that an endpoint reads: the reference shows it, and <see cref="Query"/> reads no other, so that
/// the reference can't forget one.
/// </summary>
/// <param name="Name">As it stands in the address; snake_case on <c>/api/v1</c> (contract, section 1).</param>
/// <param name="Words">What it does, in a sentence.</param>
internal sealed record QueryParameter(string Name, string Words)
{
    /// <summary>Whether it is a whole number.</summary>
    public bool IsNumber { get; init; }

    /// <summary>Whether it may be given several times.</summary>
    public bool IsRepeated { get; init; }

    /// <summary>The values it may have; null where others than these are taken too.</summary>
    public IReadOnlyList<string>? Values { get; init; }

    /// <summary>The same, that may be given several times.</summary>
    public QueryParameter Repeated() => this with { IsRepeated = true };

    public static QueryParameter Number(string name, string words) => new(name, words) { IsNumber = true };

    public static QueryParameter OneOf(string name, IReadOnlyList<string> values, string words) =>
        new(name, words) { Values = values };

    /// <summary><c>true</c> or <c>false</c>, as <see cref="Query.Flag"/> reads it.</summary>
    public static QueryParameter Flag(string name, string words) => OneOf(name, Query.Flags, words);

    /// <summary><c>all</c>, as <see cref="Query.ForAll"/> reads it.</summary>
    /// <param name="what">Whose or what is told of everybody, for example <c>everybody's costs are</c>.</param>
    public static QueryParameter ForAll(string what) =>
        Flag("all", $"Whether {what} told, which needs Admin: read; false by default.");

    public static QueryParameter Text(string name, string words) => new(name, words);

    /// <summary><c>offset</c> and <c>limit</c>, as <see cref="Slice"/> reads them.</summary>
    public static QueryParameter[] Slice(int limitByDefault, int limitAtMost) =>
    [
        Number("offset", "Rows to leave out, 0 or more; 0 by default."),
        Number("limit", $"Rows at the most, 1 to {limitAtMost}; {limitByDefault} by default."),
    ];
}

internal static class QueryParameters
{
    private const string Native = "/api/mooring/v1";
    private const int NameCharactersMost = 64;

    /// <summary>Declares what an endpoint reads from its query.</summary>
    public static TBuilder WithQuery<TBuilder>(this TBuilder builder, params QueryParameter[] parameters)
        where TBuilder : IEndpointConventionBuilder => builder.WithMetadata(
            [.. parameters, EndpointDescription.Refusal(StatusCodes.Status422UnprocessableEntity)]);

    /// <summary>
    /// Has a query refused that has what its native route does not read: a filter that is mistyped would filter
    /// nothing, without a word. On <c>/api/v1</c> clients may send anything. After keys are looked at.
    /// </summary>
    public static IApplicationBuilder UseKnownQueries(this IApplicationBuilder app) => app.Use((context, next) =>
    {
        if (context.Request.QueryString.HasValue
            && context.GetEndpoint() is { } endpoint
            && context.Request.Path.StartsWithSegments(Native, StringComparison.OrdinalIgnoreCase))
        {
            var known = endpoint.Metadata.GetOrderedMetadata<QueryParameter>().Select(one => one.Name).ToList();
            List<Fault> faults =
            [
                .. context.Request.Query.Keys.Except(known, StringComparer.OrdinalIgnoreCase)
                    .Take(RequestLimits.FaultsAtMost)
                    .Select(name => new Fault(["query", Printable.Of(name, NameCharactersMost)], Must(known))),
            ];
            if (faults.Count > 0)
            {
                throw new InvalidRequestException(faults);
            }
        }

        return next(context);
    });

    private static string Must(List<string> known) => known.Count == 0
        ? "must be left out: this route reads no parameter"
        : $"must be left out: this route reads {string.Join(", ", known)}";
}
