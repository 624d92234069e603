using System.Data.Common;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Mooring.Server.Persistence;

namespace Mooring.Server.Http;

/// <summary>For whoever starts, watches or balances servers; no key is asked for.</summary>
internal static class Health
{
    private static readonly Statement<string> Read =
        new("SELECT id FROM installation", [], row => row.GetString(0));

    public static void MapHealth(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/healthz/live", () => TypedResults.Text("live\n")).ExcludeFromDescription();
        routes.MapGet("/healthz/ready", IsReadyAsync).ExcludeFromDescription();
    }

    private static async Task<IResult> IsReadyAsync(Database database, CancellationToken ct)
    {
        try
        {
            await database.QueryAsync(Read, [], ct);
            return TypedResults.Text("ready\n");
        }
        catch (DbException)
        {
            return TypedResults.Text(
                "The records can't be read.\n", statusCode: StatusCodes.Status503ServiceUnavailable);
        }
    }
}
