using System.Data.Common;
using System.Globalization;
using System.IO.Pipelines;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Mooring.Contract.Json;
using Mooring.Contract.Native;
using Mooring.Server.Http;
using Mooring.Server.Ledger;
using Mooring.Server.Persistence;
using Mooring.Server.Reconciling;

namespace Mooring.Server.Live;

/// <summary>
/// Server-sent events (WHATWG HTML, section 9.2) of one scope, for as long as the client, its key and the server last.
///
/// <para>It holds no events but the page that it writes, and reads the next one only when the client has taken that: a
/// slow client slows itself. Between pages it holds no connection to the records. A signal wakes it after a commit; the
/// heartbeat looks too, so that latency, never completeness, hangs on signals. Whether the key still holds is asked
/// each time.</para>
///
/// <para>It begins by saying where it stands, as an id without data, which clients remember and don't dispatch: one
/// that is cut off before the first event comes back to the same place.</para>
/// </summary>
internal sealed partial class EventStream(
    LiveScope scope, long? after, Caller caller, IDisposable place, ILogger<EventStream> logger) : IResult
{
    private const int PageMost = 100;
    private const int ReconnectAfterMs = 2_000;

    public async Task ExecuteAsync(HttpContext httpContext)
    {
        using var held = place;
        var services = httpContext.RequestServices;
        var stopping = services.GetRequiredService<IHostApplicationLifetime>().ApplicationStopping;
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(httpContext.RequestAborted, stopping);
        var response = httpContext.Response;
        response.ContentType = "text/event-stream";
        response.Headers.CacheControl = "no-cache";
        // nginx would hold back what is to arrive now.
        response.Headers["X-Accel-Buffering"] = "no";
        httpContext.Features.Get<IHttpResponseBodyFeature>()?.DisableBuffering();
        try
        {
            await RunAsync(httpContext, services, response.BodyWriter, ending.Token);
        }
        catch (OperationCanceledException) when (ending.IsCancellationRequested)
        {
        }
        catch (DbException exception) when (response.HasStarted)
        {
            // The client comes back, and is told in words then.
            LogCutOff(exception);
        }
    }

    private async Task RunAsync(
        HttpContext context, IServiceProvider services, PipeWriter output, CancellationToken ct)
    {
        var wakeUps = services.GetRequiredService<WakeUps>();
        var horizon = services.GetRequiredService<EventHorizon>();
        var time = services.GetRequiredService<TimeProvider>();
        var heartbeat = services.GetRequiredService<MooringOptions>().StreamLimits.Heartbeat;
        var who = caller;
        // Before the first look: what changes between that and the first wait is told then.
        var listener = wakeUps.Listen(scope.WokenBy(who));
        try
        {
            // Before the answer begins: a client that sees it begin is told of all that it does from then on.
            var last = await horizon.ReachAsync(ct);
            var position = Math.Min(after ?? last, last);
            Write(output, $"retry: {ReconnectAfterMs}\n\n");
            Write(output, $"id: {position}\n\n");
            while (!(await output.FlushAsync(ct)).IsCompleted)
            {
                var upTo = scope.IsInOrder ? long.MaxValue : await horizon.ReachAsync(ct);
                var page = await ReadAsync(services.GetRequiredService<Database>(), who, position, upTo, ct);
                page.ForEach(happened => Write(output, happened));
                if (page.Count > 0 && (await output.FlushAsync(ct)).IsCompleted)
                {
                    return;
                }

                position = page.Count == PageMost || scope.IsInOrder
                    ? page.Select(happened => happened.Number).Append(position).Max()
                    : Math.Max(position, upTo);
                var isSilent = page.Count < PageMost
                    && !await listener.WaitAsync(Shorter(heartbeat, who.KeyExpiresAt - time.GetUtcNow()), time, ct);
                if (await KeyAuthentication.AskAgainAsync(context) is not { } now || !scope.IsSeenBy(now))
                {
                    return;
                }

                if (isSilent)
                {
                    Write(output, ": still here\n\n");
                }

                if (!now.Accounts.SequenceEqual(who.Accounts))
                {
                    listener.Dispose();
                    listener = wakeUps.Listen(scope.WokenBy(now));
                }

                who = now;
            }
        }
        finally
        {
            listener.Dispose();
        }
    }

    private async Task<List<ResourceEvent>> ReadAsync(
        Database database, Caller who, long position, long upTo, CancellationToken ct)
    {
        if (position >= upTo)
        {
            return [];
        }

        await using var db = await database.ReadAsync(ct);
        return await scope.Part(db, who, position, upTo, PageMost).ToListAsync(ct);
    }

    // The heartbeat, but no longer than the key holds.
    private static TimeSpan Shorter(TimeSpan heartbeat, TimeSpan? left) =>
        left < heartbeat ? (left > TimeSpan.Zero ? left.Value : TimeSpan.Zero) : heartbeat;

    private static void Write(PipeWriter output, ResourceEvent happened)
    {
        Write(output, string.Create(CultureInfo.InvariantCulture, $"id: {happened.Number}\ndata: "));
        // JSON as it is written here has no line breaks: one line of data.
        using (var json = new Utf8JsonWriter(output, new JsonWriterOptions
        {
            Encoder = ContractJson.Wire.Options.Encoder,
        }))
        {
            JsonSerializer.Serialize(json, Of(happened), ContractJson.Wire.LiveEvent);
        }

        Write(output, "\n\n");
    }

    private static void Write(PipeWriter output, string text) => Encoding.UTF8.GetBytes(text, output);

    private static LiveEvent Of(ResourceEvent happened) => new()
    {
        Number = happened.Number,
        Kind = happened.Kind switch
        {
            ResourceKind.Disk => ResourceKinds.Disk,
            ResourceKind.Pod => ResourceKinds.Pod,
            _ => ResourceKinds.Wallet,
        },
        ResourceId = happened.ResourceId,
        At = happened.At,
        What = happened.What.ToWire(),
        Status = happened.Status,
        Words = happened.Words,
        PriceHr = happened.Rate?.Usd,
    };

    [LoggerMessage(Level = LogLevel.Warning, Message = "A stream of events ends: the records can't be read")]
    private partial void LogCutOff(DbException exception);
}
