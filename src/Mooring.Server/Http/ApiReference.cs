using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.OpenApi;
using Mooring.Contract.Json;
using Mooring.Server.Accounts;
using Scalar.AspNetCore;

namespace Mooring.Server.Http;

/// <summary>
/// The API reference: <c>/openapi/v1.json</c> for programs, <c>/docs/api</c> for people. It is made from the endpoints
/// and from the docs of the records that they read and write, so that it can't say anything else than they do.
/// </summary>
internal static class ApiReference
{
    private const string DocumentName = "v1";
    private const string SecurityScheme = "apiKey";

    // Everything that the page loads is served from here: it works where there is no internet, and tells nobody.
    private const string PagePolicy =
        "default-src 'none'; script-src 'self' 'unsafe-inline'; style-src 'self' 'unsafe-inline'; img-src 'self' data: "
        + "blob:; font-src 'self' data:; connect-src 'self'; worker-src 'self' blob:; base-uri 'none'; "
        + "form-action 'none'; frame-ancestors 'none'";

    public static IServiceCollection AddApiReference(this IServiceCollection services)
    {
        services.ConfigureHttpJsonOptions(json =>
        {
            json.SerializerOptions.TypeInfoResolverChain.Insert(0, ContractJson.Default);
            json.SerializerOptions.NumberHandling = JsonNumberHandling.Strict;
        });
        return services.AddOpenApi(DocumentName, options =>
        {
            options.OpenApiVersion = OpenApiSpecVersion.OpenApi3_1;
            options.AddOperationTransformer(DescribeAsync);
            options.AddDocumentTransformer(DescribeAsync);
            options.AddSchemaTransformer(DescribeAsync);
        });
    }

    public static IEndpointRouteBuilder MapApiReference(this IEndpointRouteBuilder routes)
    {
        routes.MapOpenApi("/openapi/{documentName}.json");
        routes.MapScalarApiReference("/docs/api", page => page
            .WithTitle("Mooring API")
            .DisableDefaultFonts()
            .AddPreferredSecuritySchemes([SecurityScheme])
            .DisableAgent()
            .DisableMcp()
            .DisableTelemetry()
            .HideDeveloperTools()
            .HideClientButton())
            .AddEndpointFilter(async (context, next) =>
            {
                context.HttpContext.Response.Headers.ContentSecurityPolicy = PagePolicy;
                return await next(context);
            });
        return routes;
    }

    private static Task DescribeAsync(
        OpenApiDocument document, OpenApiDocumentTransformerContext context, CancellationToken ct)
    {
        document.Info = new OpenApiInfo
        {
            Title = "Mooring API",
            Version = DocumentName,
            Description =
                "Network-attached disks for GPU instances. Paths below /api/v1 are those of the vendor's API that "
                + "today's clients speak; what Mooring adds is below /api/mooring/v1. "
                + "Every error has 'detail' in words.",
            License = new OpenApiLicense { Name = "Apache-2.0", Identifier = "Apache-2.0" },
        };
        // The server that is asked, whatever it is called there.
        document.Servers = [new OpenApiServer { Url = "/" }];
        document.Components ??= new OpenApiComponents();
        document.Components.SecuritySchemes = new Dictionary<string, IOpenApiSecurityScheme>
        {
            [SecurityScheme] = new OpenApiSecurityScheme
            {
                Type = SecuritySchemeType.Http,
                Scheme = "bearer",
                Description =
                    "An API key: 'Authorization: Bearer mrg_…'. The first is in DATA/admin.key; "
                    + "POST /api/mooring/v1/keys makes others.",
            },
        };
        document.Security =
            [new OpenApiSecurityRequirement { [new OpenApiSecuritySchemeReference(SecurityScheme, document)] = [] }];
        document.Tags = document.Paths
            .SelectMany(path => path.Value.Operations ?? [])
            .SelectMany(operation => operation.Value.Tags ?? new HashSet<OpenApiTagReference>())
            .Select(tag => tag.Reference.Id!)
            .Distinct()
            .Order(StringComparer.Ordinal)
            .Select(name => new OpenApiTag { Name = name })
            .ToHashSet();
        var sorted = new OpenApiPaths();
        foreach (var (path, item) in document.Paths.OrderBy(path => path.Key, StringComparer.Ordinal))
        {
            sorted.Add(path, item);
        }

        document.Paths = sorted;
        return Task.CompletedTask;
    }

    private static async Task DescribeAsync(
        OpenApiOperation operation, OpenApiOperationTransformerContext context, CancellationToken ct)
    {
        var metadata = context.Description.ActionDescriptor.EndpointMetadata;
        operation.Tags = new HashSet<OpenApiTagReference>
        {
            new(TagOf(context.Description.RelativePath!), context.Document),
        };
        var permissions = metadata.OfType<Permission>().ToList();
        operation.Description = WordsFor(permissions, context.Description.HttpMethod!);
        if (metadata.OfType<NoKeyNeeded>().Any())
        {
            operation.Description = "Permission: none, and no key is asked for.";
            operation.Security = [];
        }

        operation.Parameters ??= [];
        foreach (var parameter in operation.Parameters.OfType<OpenApiParameter>())
        {
            parameter.Description = parameter.Name switch
            {
                "prefix" => "The key's prefix: 12 hexadecimal digits.",
                "userId" when HttpMethods.IsPut(context.Description.HttpMethod!) =>
                    "The user's id, or exact mail address.",
                "teamId" => "The team's id.",
                "code" => "The code, as 'prime login' shows it; to deny it, its id does as well.",
                _ => "The id, as the list shows it.",
            };
        }

        foreach (var parameter in metadata.OfType<QueryParameter>())
        {
            operation.Parameters.Add(ToOpenApi(parameter));
        }

        if (HttpMethods.IsPost(context.Description.HttpMethod!))
        {
            operation.Parameters.Add(IdempotencyHeader());
        }

        var responses = operation.Responses ??= [];
        if (metadata.OfType<EndpointCreates>().Any() && responses.Remove("200", out var success))
        {
            responses.Add("201", success);
        }

        operation.Responses = [];
        foreach (var (status, response) in responses.OrderBy(one => one.Key, StringComparer.Ordinal))
        {
            response.Description = WordsFor(status);
            operation.Responses.Add(status, response);
        }

        if (metadata.OfType<EndpointAnswersAlso>().SingleOrDefault() is { } also)
        {
            await AddShapeAsync(operation.Responses["200"], also.Type, context, ct);
        }
    }

    // A timestamp here has no offset, which RFC 3339 and so the format "date-time" demand; a price is exact, no double.
    private static Task DescribeAsync(
        OpenApiSchema schema, OpenApiSchemaTransformerContext context, CancellationToken ct)
    {
        var type = Nullable.GetUnderlyingType(context.JsonTypeInfo.Type) ?? context.JsonTypeInfo.Type;
        if (type == typeof(decimal) || type == typeof(DateTimeOffset))
        {
            schema.Format = null;
        }

        if (type == typeof(DateTimeOffset))
        {
            schema.Examples = ["2025-11-07T21:07:15.183000"];
        }

        return Task.CompletedTask;
    }

    private static async Task AddShapeAsync(
        IOpenApiResponse response, Type type, OpenApiOperationTransformerContext context, CancellationToken ct)
    {
        var body = response.Content!["application/json"];
        body.Schema = new OpenApiSchema
        {
            OneOf = [body.Schema!, await context.GetOrCreateSchemaAsync(type, cancellationToken: ct)],
        };
    }

    private static string TagOf(string path) => path.Split('/') switch
    {
        ["api", "v1", "disks", ..] => "Disks",
        ["api", "v1", "pods", ..] => "Instances",
        ["api", "v1", "availability", ..] => "Availability",
        ["api", "v1", "billing", ..] => "Billing",
        ["api", "v1", "ssh_keys", ..] => "SSH keys",
        ["api", "v1", "auth_challenge", ..] => "Login",
        ["api", "v1", ..] => "Users and teams",
        ["api", "mooring", "v1", var noun, ..] => $"Mooring: {noun}",
        _ => "Server",
    };

    private static string WordsFor(IReadOnlyList<Permission> permissions, string method)
    {
        var access = Permission.AccessFor(method);
        var needed = permissions.Select(one => one.Section).OfType<Section>()
            .Select(section => $"{section.ToWords()}: {access.ToWords()}").ToList();
        return needed.Count == 0
            ? "Permission: any valid key."
            : $"Permission: {string.Join(", and ", needed)}.";
    }

    private static string WordsFor(string status) => status switch
    {
        "200" => "Done, or found.",
        "201" => "Accepted. What takes time goes on after the answer.",
        "401" => "The API key is missing, unknown, expired, disabled or revoked.",
        "403" => "The key lacks a permission, which is named, or its user is no member of the team.",
        "404" => "It does not exist, or this key can't see it.",
        "409" => "The state of things does not allow it now; the answer says what does.",
        "413" => "The body is larger than 1 MiB.",
        "415" => "The body is not sent as JSON.",
        "422" => "The request breaks a rule of its form. Every fault is listed.",
        "429" => "Too many at once. The answer says what to do, and Retry-After when.",
        "503" => "What is needed does not answer now. Try again.",
        _ => "Refused, in words.",
    };

    private static OpenApiParameter IdempotencyHeader() => new()
    {
        Name = Idempotency.Header,
        In = ParameterLocation.Header,
        Description =
            "A text of your own for this request. A repeat with the same one within 24 hours has the first answer, "
            + "with 'Idempotency-Replayed: true'; 409 with 'Retry-After' while the first still runs, and 429 "
            + "where your user has sent too many keys.",
        Schema = new OpenApiSchema
        {
            Type = JsonSchemaType.String,
            MinLength = 1,
            MaxLength = IdempotencyKeys.CharactersAtMost,
        },
    };

    private static OpenApiParameter ToOpenApi(QueryParameter parameter)
    {
        var value = new OpenApiSchema
        {
            Type = parameter.IsNumber ? JsonSchemaType.Integer : JsonSchemaType.String,
            Enum = parameter.Values?.Select(one => (System.Text.Json.Nodes.JsonNode)one).ToList(),
        };
        return new OpenApiParameter
        {
            Name = parameter.Name,
            In = ParameterLocation.Query,
            Description = parameter.Words,
            Schema = parameter.IsRepeated
                ? new OpenApiSchema { Type = JsonSchemaType.Array, Items = value }
                : value,
        };
    }
}
