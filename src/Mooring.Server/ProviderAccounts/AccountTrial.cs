using Mooring.Contract.Native;
using Mooring.Providers.Billing;
using Mooring.Providers.Disks;
using Mooring.Providers.Instances;
using Mooring.Server.Reconciling;

namespace Mooring.Server.ProviderAccounts;

/// <summary>
/// Asks a provider account for what only reads, to learn whether it lets us in and what it lets us see. A key may be
/// for a part only: each call says so for itself.
/// </summary>
internal sealed class AccountTrial(ProviderCall calls, TimeProvider time)
{
    public async Task<AccountTrialOutcome> RunAsync(
        string type,
        IDiskProvider? disks,
        IInstanceProvider? instances,
        IProviderBilling? billing,
        CancellationToken ct)
    {
        List<Task<Tried>> asked = [];
        if (disks is not null)
        {
            asked.Add(AskAsync(
                type, "ListOffers", "disk offers", token => CountAsync(disks.ListOffersAsync(token)), ct));
            asked.Add(AskAsync(type, "ListDisks", "disks", token => CountAsync(disks.ListAsync(token), token), ct));
        }

        if (instances is not null)
        {
            asked.Add(AskAsync(
                type, "ListOffers", "instance offers", token => CountAsync(instances.ListOffersAsync(token)), ct));
            asked.Add(AskAsync(
                type, "ListInstances", "instances", token => CountAsync(instances.ListAsync(token), token), ct));
        }

        if (billing is not null)
        {
            var today = Clock.DayOf(time.GetUtcNow());
            asked.Add(AskAsync(
                type, "ListCharges", "charges", token => CountAsync(billing.ListChargesAsync(today, token)), ct));
        }

        return new AccountTrialOutcome(await Task.WhenAll(asked));
    }

    private async Task<Tried> AskAsync(
        string type, string what, string about, Func<CancellationToken, Task<Counted>> ask, CancellationToken ct)
    {
        var (counted, failure) = await calls.MakeAsync(type, what, $"a provider account on trial ({about})", ask, ct);
        return new Tried(about, counted?.Number, failure);
    }

    private static async Task<Counted> CountAsync<T>(Task<IReadOnlyList<T>> list) => new((await list).Count);

    private static async Task<Counted> CountAsync<T>(IAsyncEnumerable<T> list, CancellationToken ct) =>
        new(await list.CountAsync(ct));

    private sealed record Counted(int Number);
}

/// <summary>One call of a trial.</summary>
/// <param name="About">What was asked for, for example <c>disks</c>.</param>
/// <param name="Number">How many there are; null where the call failed.</param>
/// <param name="Failure">Why it failed, or null.</param>
internal sealed record Tried(string About, int? Number, ProviderFailure? Failure);

/// <summary>What a trial has shown.</summary>
internal sealed record AccountTrialOutcome(IReadOnlyList<Tried> Calls)
{
    /// <summary>Why the account is not to be stored; null where at least one call was answered.</summary>
    public MooringError? Objection => Calls.Any(call => call.Failure is null) ? null
        : Calls.FirstOrDefault(call => call.Failure!.Kind == FailureKind.Unauthorized) is { Failure: { } refusal }
            ? new ProviderAccountLetsNobodyIn(refusal.Words)
            : new ProviderAccountNotTried(Calls.Count == 0 ? "it has nothing to ask for." : Calls[0].Failure!.Words);

    public IReadOnlyList<TriedCall> ToWire() =>
    [
        .. Calls.Select(call => new TriedCall(
            call.About,
            call.Failure is null,
            call.Failure is { } failure ? failure.Words : $"{call.Number} found")),
    ];
}
