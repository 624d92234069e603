using Microsoft.EntityFrameworkCore;
using Mooring.Server.Http;
using Mooring.Server.Ledger;
using Mooring.Server.Persistence;

namespace Mooring.Server.Live;

/// <summary>What a stream is about.</summary>
internal abstract record LiveScope
{
    private LiveScope() { }

    /// <summary>Whether its events are seen in order by themselves; else not past the <see cref="EventHorizon"/>.
    /// </summary>
    public abstract bool IsInOrder { get; }

    /// <summary>What it is woken by.</summary>
    public abstract IReadOnlyCollection<string> WokenBy(Caller caller);

    /// <summary>Whether the caller may see it by now.</summary>
    public abstract bool IsSeenBy(Caller caller);

    /// <summary>Its events after one number, up to another, the first of them, in order.</summary>
    public abstract IQueryable<ResourceEvent> Part(MooringDb db, Caller caller, long after, long upTo, int most);

    /// <summary>One disk, or one pod.</summary>
    public sealed record Resource(string Id, AccountId Account) : LiveScope
    {
        public override bool IsInOrder => true;

        public override IReadOnlyCollection<string> WokenBy(Caller caller) => [Id];

        public override bool IsSeenBy(Caller caller) => caller.Sees(Account);

        public override IQueryable<ResourceEvent> Part(
            MooringDb db, Caller caller, long after, long upTo, int most) => db.Events.AsNoTracking()
                .Where(happened => happened.ResourceId == Id && happened.Number > after && happened.Number <= upTo)
                .OrderBy(happened => happened.Number)
                .Take(most);
    }

    /// <summary>
    /// Everything of every account that the caller sees; of wallets only where it may read what is billed, as their
    /// events tell balances and bookings.
    /// </summary>
    public sealed record Everything : LiveScope
    {
        public override bool IsInOrder => false;

        public override IReadOnlyCollection<string> WokenBy(Caller caller) =>
            [.. caller.Accounts.Select(account => account.Value)];

        public override bool IsSeenBy(Caller caller) => true;

        public override IQueryable<ResourceEvent> Part(MooringDb db, Caller caller, long after, long upTo, int most)
        {
            var events = db.Events.AsNoTracking();
            events = caller.ReadsBills ? events : events.Where(happened => happened.Kind != ResourceKind.Wallet);
            return AccountScans.Across(
                caller.Accounts,
                account => events
                    .Where(happened => happened.AccountId == account
                        && happened.Number > after
                        && happened.Number <= upTo)
                    .OrderBy(happened => happened.Number),
                all => all.OrderBy(happened => happened.Number),
                new Slice(0, most));
        }
    }
}
