using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace Mooring.Server.Tests.Http;

/// <summary>A line with everything that its own words and its scopes name.</summary>
internal sealed record LogLine(LogLevel Level, string Category, string Text, IReadOnlyDictionary<string, string> Named);

/// <summary>Our own lines of a server under test, as a structured log has them.</summary>
internal sealed class ScopedLog : ILoggerProvider, ISupportExternalScope
{
    private IExternalScopeProvider _scopes = new LoggerExternalScopeProvider();

    public ConcurrentQueue<LogLine> Lines { get; } = new();

    public ILogger CreateLogger(string categoryName) => new Logger(this, categoryName);

    public void SetScopeProvider(IExternalScopeProvider scopeProvider) => _scopes = scopeProvider;

    public void Dispose()
    {
        // It holds nothing but memory.
    }

    private sealed class Logger(ScopedLog log, string category) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => log._scopes.Push(state);

        public bool IsEnabled(LogLevel logLevel) => category.StartsWith("Mooring.", StringComparison.Ordinal);

        public void Log<TState>(
            LogLevel logLevel,
            EventId eventId,
            TState state,
            Exception? exception,
            Func<TState, Exception?, string> formatter)
        {
            Dictionary<string, string> named = [];
            log._scopes.ForEachScope(Add, named);
            Add(state, named);
            log.Lines.Enqueue(new LogLine(logLevel, category, formatter(state, exception), named));
        }

        private static void Add(object? state, Dictionary<string, string> named)
        {
            foreach (var (name, value) in state as IEnumerable<KeyValuePair<string, object?>> ?? [])
            {
                named[name] = $"{value}";
            }
        }
    }
}
