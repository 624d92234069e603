using Mooring.Cli.Output;

namespace Mooring.Cli.Commands;

/// <summary><c>mooring audit ledger</c>.</summary>
internal sealed class AuditLedgerCommand : ServerCommand
{
    public AuditLedgerCommand(Common common)
        : base(
            common,
            "ledger",
            "Have every bill and balance recomputed from the events alone; exit code 1 where one differs.",
            "mooring audit ledger",
            "mooring audit ledger -o json") =>
        AddCommonOptions();

    protected override async Task<int> RunAsync(Call call)
    {
        var audit = await call.Client.AuditLedgerAsync(call.Ct);
        var compared = $"{Words.Count(audit.Resources, "disk or pod", "disks and pods")}, "
            + $"{Words.Count(audit.Events, "event", "events")}, {Words.Count(audit.Wallets, "wallet", "wallets")}";
        List<string> lines = [.. audit.Differences.Select(difference => difference.Words)];
        if (audit.TotalCount > lines.Count)
        {
            lines.Add($"And {audit.TotalCount - lines.Count} more, which the server's log has.");
        }

        lines.Add(audit.TotalCount == 0
            ? $"The ledger is what its events say: {compared}."
            : $"{Words.Count(audit.TotalCount, "difference", "differences")} in {compared}. Keep the records as they "
                + "are (mooring db backup) and report it.");
        call.Printer.Lines(audit, Printer.Json.LedgerAudit, lines);
        return audit.TotalCount == 0 ? ExitCode.Done : ExitCode.Failed;
    }
}
