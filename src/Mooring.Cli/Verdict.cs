using System.Net;
using Mooring.Cli.Output;
using Mooring.Client;

namespace Mooring.Cli;

/// <summary>How a verb ends: its work's failures become one line on standard error and an exit code by kind.</summary>
internal static class Verdict
{
    public static async Task<int> OfAsync(TextWriter error, Func<Task<int>> run, CancellationToken work)
    {
        try
        {
            return await run();
        }
        catch (CommandFailedException e)
        {
            return await EndAsync(error, e.Message, e.Code);
        }
        catch (MooringException e)
        {
            return await EndAsync(error, Advice.On(e), CodeOf(e));
        }
        catch (IOException e)
        {
            return await EndAsync(error, e.Message, ExitCode.Failed);
        }
        catch (OperationCanceledException) when (work.IsCancellationRequested)
        {
            return await EndAsync(error, "interrupted", ExitCode.Interrupted);
        }
    }

    public static int CodeOf(MooringException failure) => failure switch
    {
        MooringConnectionException or MooringResponseException => ExitCode.Unreachable,
        MooringWaitException => ExitCode.TimedOut,
        MooringApiException { StatusCode: HttpStatusCode.NotFound } => ExitCode.NotFound,
        MooringApiException { StatusCode: HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden } =>
            ExitCode.NotAllowed,
        MooringApiException { IsTransient: true } => ExitCode.Unreachable,
        MooringApiException { StatusCode: >= HttpStatusCode.BadRequest } => ExitCode.Refused,
        _ => ExitCode.Failed,
    };

    private static async Task<int> EndAsync(TextWriter error, string words, int code)
    {
        await error.WriteLineAsync($"mooring: {Printable.Line(words)}");
        return code;
    }
}
