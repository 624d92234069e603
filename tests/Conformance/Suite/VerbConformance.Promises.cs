using Mooring.Providers;

namespace Mooring.Conformance.Tests.Suite;

/// <summary>The promises over a long history, and what a set-up says of its place.</summary>
public abstract partial class VerbConformance
{
    private const int HistorySteps = 200;

    [Fact, Needs(Circumstance.Storm)]
    public Task Through_a_storm_none_is_lost_none_is_doubled_and_none_stays() => PlayAsync(async stage =>
    {
        await stage.Site.BeginAsync();
        var random = new Random(20260301);
        var names = Enumerable.Range(1, 4).Select(Name).ToArray();
        var wanted = new HashSet<string>();
        // As Mooring does: what is ready or gone is left alone until somebody wishes something else.
        var settled = new HashSet<string>();
        var other = stage.OpenAnother();
        for (var step = 0; step < HistorySteps; step++)
        {
            var name = names[random.Next(names.Length)];
            // A wish may change while the last one is still on its way.
            if (random.Next(3) == 0)
            {
                settled.Remove(name);
                if (!wanted.Remove(name))
                {
                    wanted.Add(name);
                }
            }

            if (!settled.Contains(name)
                && await stage.Caller.StepAsync(
                    name, wanted.Contains(name), Ct, by: random.Next(3) == 0 ? other : stage.Resources) is { } seen
                && stage.Caller.IsProven(name, wanted.Contains(name), seen))
            {
                settled.Add(name);
            }

            if (random.Next(3) == 0)
            {
                await stage.Site.PassAsync(TimeSpan.FromSeconds(random.Next(1, 8)));
            }

            var there = await NamesThereAsync(stage.Resources);
            foreach (var quiet in settled)
            {
                there.Count(one => one == quiet).ShouldBe(wanted.Contains(quiet) ? 1 : 0, $"step {step}, {quiet}");
            }
        }

        await stage.Site.EndAsync();
        foreach (var name in names.Except(settled))
        {
            await (wanted.Contains(name)
                ? stage.Caller.UntilReadyAsync(name, Ct)
                : stage.Caller.UntilGoneAsync(name, Ct));
        }

        await stage.Site.PassAsync(stage.Resources.SettlingTime);
        var promised = wanted.Order(StringComparer.Ordinal).ToList();
        (await NamesThereAsync(stage.Resources)).ShouldBe(promised);
        (await NamesListedAsync(stage.Resources)).ShouldBe(promised);
    });

    [Fact]
    public Task A_settling_time_is_no_longer_than_a_quarter_of_an_hour() => PlayAsync(stage =>
    {
        // A disk that is being made has 30 minutes (architecture, section 3): there must be time to ask again.
        stage.Resources.SettlingTime.ShouldBeInRange(TimeSpan.Zero, TimeSpan.FromMinutes(15));
        return Task.CompletedTask;
    });

    [Fact]
    public Task What_does_not_apply_is_what_the_place_does_not_have() => PlayAsync(stage =>
    {
        IsExcused(Circumstance.LateCreate).ShouldBe(stage.Resources.SettlingTime == TimeSpan.Zero);
        IsExcused(Circumstance.Throttling).ShouldBe(stage.Site.CallsMade is null);
        IsExcused(Circumstance.Billing).ShouldBe(stage.Site.Providers.Billing is null);
        IsExcused(Circumstance.None).ShouldBeFalse("every place has days on which nothing goes wrong");
        NotApplicable.Values.ShouldAllBe(reason => reason.Length > 10 && !reason.Contains('|'));
        CheckCapabilities(stage.Site);
        return Task.CompletedTask;
    });

    /// <summary>Holds what is excused against the interfaces that the provider has.</summary>
    private protected abstract void CheckCapabilities(Site site);

    private protected bool IsExcused(Circumstance circumstance) => NotApplicable.ContainsKey(circumstance);
}
