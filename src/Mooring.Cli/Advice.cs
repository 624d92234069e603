using System.Net;
using Mooring.Cli.Configuration;
using Mooring.Client;

namespace Mooring.Cli;

/// <summary>A failed call in words, with what to do next where the server's own words don't say it.</summary>
internal static class Advice
{
    public static string On(MooringException failure)
    {
        var next = failure switch
        {
            MooringConnectionException =>
                "Is mooringd running there? Start it with ./start, or name another server with --server.",
            MooringResponseException => "Name the server's own address with --server.",
            MooringWaitException =>
                "The server's log says what it waits for; 'mooring doctor' on its machine says what is missing there.",
            MooringApiException { StatusCode: HttpStatusCode.Unauthorized } =>
                $"Pass a key of this server with --key-file or {Access.KeyVariable}.",
            MooringApiException { IsTransient: true } => "Try again later.",
            _ => "",
        };
        return next.Length == 0 ? failure.Message : $"{failure.Message.TrimEnd('.', '?')}. {next}";
    }
}
