using Microsoft.Data.Sqlite;

namespace Mooring.Server.Persistence;

/// <summary>
/// The database can't take or give anything now: its disk is full, or it can't be reached. Nothing of the unit of work
/// is stored. Not a bug of ours: it passes once an operator has seen to it.
/// </summary>
internal sealed class RecordsUnavailableException(string words, Exception inner) : Exception(words, inner)
{
    // Primary result codes of https://sqlite.org/rescode.html.
    private const int IoError = 10;
    private const int Full = 13;
    private const int CantOpen = 14;

    /// <summary>What it means for the records; the exception itself where it is about something else.</summary>
    public static Exception From(Exception exception) => Cause(exception) switch
    {
        SqliteException { SqliteErrorCode: Full } => new RecordsUnavailableException("their disk is full", exception),
        SqliteException { SqliteErrorCode: IoError or CantOpen } =>
            new RecordsUnavailableException("their file can't be read or written", exception),
        Npgsql.NpgsqlException { IsTransient: true } =>
            new RecordsUnavailableException("their database does not answer", exception),
        _ => exception,
    };

    private static Exception Cause(Exception exception) => exception is SqliteException or Npgsql.NpgsqlException
        ? exception
        : exception.InnerException is { } inner ? Cause(inner) : exception;
}
