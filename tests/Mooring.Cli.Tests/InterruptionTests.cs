namespace Mooring.Cli.Tests;

public sealed class InterruptionTests
{
    [Fact]
    public void Ends_the_work_then_the_cleaning_then_leaves_signals_alone()
    {
        using var interruption = new Interruption(CancellationToken.None);

        interruption.Next().ShouldBeTrue();
        Ended(interruption).ShouldBe((Work: true, Cleaning: false));
        interruption.Next().ShouldBeTrue();
        Ended(interruption).ShouldBe((Work: true, Cleaning: true));
        interruption.Next().ShouldBeFalse();
    }

    [Fact]
    public void The_callers_token_counts_as_the_first()
    {
        using var caller = new CancellationTokenSource();
        using var interruption = new Interruption(caller.Token);

        caller.Cancel();

        Ended(interruption).ShouldBe((Work: true, Cleaning: false));
    }

    private static (bool Work, bool Cleaning) Ended(Interruption interruption) =>
        (interruption.Work.IsCancellationRequested, interruption.Cleaning.IsCancellationRequested);
}
