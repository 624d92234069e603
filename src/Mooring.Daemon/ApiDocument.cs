using System.Reflection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Mooring.Server;

namespace Mooring.Daemon;

/// <summary>
/// The server as the build's document tool wants it: its routes, and nothing that runs, listens or is stored. The tool
/// starts the program, takes the services from the host that it builds, and puts another web server in place of ours
/// (Microsoft.Extensions.ApiDescription.Server).
/// </summary>
internal static class ApiDocument
{
    /// <summary>Whether it is the tool that started this program.</summary>
    public static bool IsWanted => Assembly.GetEntryAssembly()?.GetName().Name == "GetDocument.Insider";

    public static async Task OfferAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Services.AddMooringServer(
            new MooringOptions { DataDirectory = AppContext.BaseDirectory },
            new RecordsOptions.Sqlite(Path.Combine(AppContext.BaseDirectory, "never-opened.db")),
            new Random());
        builder.Services.RemoveAll<IHostedService>();
        var app = builder.Build();
        app.UseMooring();
        await app.RunAsync();
    }
}
