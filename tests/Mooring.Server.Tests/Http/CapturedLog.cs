using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace Mooring.Server.Tests.Http;

/// <summary>What a server under test logs: the SQL it sends, and everything that it calls an error.</summary>
internal sealed class CapturedLog : ILoggerProvider
{
    public const string SqlCategory = "Microsoft.EntityFrameworkCore.Database.Command";

    public ConcurrentQueue<string> Sql { get; } = new();

    public ConcurrentQueue<string> Errors { get; } = new();

    public ConcurrentQueue<string> All { get; } = new();

    public ILogger CreateLogger(string categoryName) => new Logger(this, categoryName);

    public void Dispose()
    {
        // It holds nothing but memory.
    }

    private sealed class Logger(CapturedLog log, string category) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) =>
            logLevel >= LogLevel.Information || !category.StartsWith("Microsoft", StringComparison.Ordinal);

        public void Log<TState>(
            LogLevel logLevel,
            EventId eventId,
            TState state,
            Exception? exception,
            Func<TState, Exception?, string> formatter)
        {
            if (state is IReadOnlyList<KeyValuePair<string, object?>> values
                && values.FirstOrDefault(value => value.Key is "commandText" or "CommandText").Value is string sql)
            {
                log.Sql.Enqueue(sql);
                return;
            }

            var text = $"{category}: {formatter(state, exception)} {exception}";
            log.All.Enqueue(text);
            if (logLevel >= LogLevel.Error)
            {
                log.Errors.Enqueue(text);
            }
        }
    }
}
