using System.Reflection;
using System.Text.Json.Serialization.Metadata;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.AspNetCore.Routing;
using Mooring.Contract.Json;
using Mooring.Server.Http;

namespace Mooring.Server.Tests.Http;

/// <summary>A route that the server serves, as its endpoint describes it.</summary>
internal sealed record ServedRoute(string Method, string Pattern, Endpoint Endpoint)
{
    /// <summary>What each demands; one without a section is content with any key. None: no key is asked for.</summary>
    public IReadOnlyList<Permission> Permissions => Endpoint.Metadata.GetOrderedMetadata<Permission>();

    public IReadOnlyList<QueryParameter> Query => Endpoint.Metadata.GetOrderedMetadata<QueryParameter>();

    /// <summary>The record that it reads; null where it takes no body.</summary>
    public Type? Body => Endpoint.Metadata.GetMetadata<IAcceptsMetadata>()?.RequestType;

    public IReadOnlyList<string> PathParameters => [.. ((RouteEndpoint)Endpoint).RoutePattern.Parameters
        .Select(parameter => parameter.Name)];

    /// <summary>The path with its parameters filled in.</summary>
    public string PathWith(string value) => PathParameters.Aggregate(
        Pattern, (path, name) => path.Replace($"{{{name}}}", value, StringComparison.Ordinal));

    public override string ToString() => $"{Method} {Pattern}";
}

/// <summary>Every route below <c>/api</c>, read from the server's own endpoints without starting it.</summary>
internal static class ServedRoutes
{
    private static readonly Lazy<IReadOnlyList<ServedRoute>> Routes = new(Read);

    public static IReadOnlyList<ServedRoute> All => Routes.Value;

    /// <summary>
    /// The dotted name of every member of a record that a request may hold, down to the leaves; an item of a list is
    /// called 0.
    /// </summary>
    public static IEnumerable<string> MembersOf(Type body, string prefix = "")
    {
        var info = ContractJson.Default.GetTypeInfo(body);
        if (info?.Kind == JsonTypeInfoKind.Enumerable)
        {
            return [prefix + "0", .. MembersOf(info.ElementType!, prefix + "0.")];
        }

        return info?.Kind != JsonTypeInfoKind.Object
            ? []
            : info.Properties.SelectMany(property => MembersOf(property.PropertyType, $"{prefix}{property.Name}.")
                .Prepend(prefix + property.Name));
    }

    private static List<ServedRoute> Read()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Services.AddMooringServer(
            new MooringOptions { DataDirectory = Path.GetTempPath() },
            new RecordsOptions.Sqlite(Path.Combine(Path.GetTempPath(), "never-opened.db")),
            new Random(1));
        var app = builder.Build();
        app.UseMooring();
        return
        [
            .. from endpoint in ((IEndpointRouteBuilder)app).DataSources.SelectMany(source => source.Endpoints)
                   .OfType<RouteEndpoint>()
               let pattern = "/" + endpoint.RoutePattern.RawText!.TrimStart('/')
               where pattern.StartsWith("/api/", StringComparison.Ordinal)
               from method in endpoint.Metadata.GetMetadata<HttpMethodMetadata>()?.HttpMethods ?? ["ANY"]
               orderby pattern, method
               select new ServedRoute(method, pattern, endpoint),
        ];
    }
}
