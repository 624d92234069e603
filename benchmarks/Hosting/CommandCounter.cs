using System.Diagnostics;

namespace Mooring.Benchmarks.Hosting;

/// <summary>
/// Counts the commands that Entity Framework sends to the database, by the event that it raises for each (EF Core,
/// "Using Diagnostic Listeners").
/// </summary>
internal sealed class CommandCounter : IObserver<DiagnosticListener>, IObserver<KeyValuePair<string, object?>>
{
    private const string Listener = "Microsoft.EntityFrameworkCore";
    private const string Executed = "Microsoft.EntityFrameworkCore.Database.Command.CommandExecuted";
    private long _count;

    public long Count => Interlocked.Read(ref _count);

    public static CommandCounter Start()
    {
        var counter = new CommandCounter();
        // For as long as the process lives.
        _ = DiagnosticListener.AllListeners.Subscribe(counter);
        return counter;
    }

    public void OnNext(DiagnosticListener value)
    {
        if (value.Name == Listener)
        {
            value.Subscribe(this, name => name == Executed);
        }
    }

    public void OnNext(KeyValuePair<string, object?> value) => Interlocked.Increment(ref _count);

    public void OnCompleted() { }

    public void OnError(Exception error) { }
}
