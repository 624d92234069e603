using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Mooring.Simulators.RunPod;

/// <summary>
/// What whoever rehearses may do beside the API: read the books, and let things go wrong. Time is not among it.
/// </summary>
internal static class AdminRoutes
{
    public static void Map(IEndpointRouteBuilder routes, RunPodSimulator simulator)
    {
        var admin = routes.MapGroup("/_admin");
        admin.MapGet("/books", (RequestDelegate)(http => WriteAsync(http, simulator.ReadBooks())));
        admin.MapGet("/faults", (RequestDelegate)(http => WriteAsync(http, new Script(simulator.ReadFaults()))));
        admin.MapPost("/faults", (RequestDelegate)(http => AddAsync(http, simulator)));
        admin.MapDelete("/faults", (RequestDelegate)(http =>
        {
            simulator.ClearFaults();
            http.Response.StatusCode = StatusCodes.Status204NoContent;
            return Task.CompletedTask;
        }));
    }

    // The body is a script; all of it is set up, or nothing.
    private static async Task AddAsync(HttpContext http, RunPodSimulator simulator)
    {
        using var reader = new StreamReader(http.Request.Body);
        try
        {
            foreach (var fault in FaultScript.Parse(await reader.ReadToEndAsync(http.RequestAborted)))
            {
                simulator.Add(fault);
            }

            await WriteAsync(http, new Script(simulator.ReadFaults()));
        }
        catch (FaultScriptException unusable)
        {
            http.Response.StatusCode = StatusCodes.Status400BadRequest;
            await http.Response.WriteAsync(unusable.Message + "\n", http.RequestAborted);
        }
    }

    private static Task WriteAsync<T>(HttpContext http, T value)
    {
        http.Response.ContentType = "application/json";
        return JsonSerializer.SerializeAsync(
            http.Response.Body, value, ScriptJson.Options, http.RequestAborted);
    }
}
