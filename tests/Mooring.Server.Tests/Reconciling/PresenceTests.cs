using Mooring.Server.Reconciling;
using Mooring.Server.Tests.Histories;

namespace Mooring.Server.Tests.Reconciling;

/// <summary>A missing answer is not absence.</summary>
public sealed class PresenceTests
{
    private static readonly DateTimeOffset Now = Rows.Noon;
    private static readonly DateTimeOffset Later = Now + TimeSpan.FromMinutes(2);

    [Fact]
    public void Without_an_open_call_one_look_proves_absence() =>
        Presence.Gone.Found(Now).NotFound(Now).ShouldBe(new Presence(false, null, 1));

    [Fact]
    public void With_an_open_call_two_looks_after_its_time_prove_absence()
    {
        var open = Presence.Gone.Unsettled(Later);

        open.NotFound(Now).NotFound(Now).NotFound(Now).ShouldBe(open, "looks before its time is over don't count");
        open.NotFound(Later).IsOpen.ShouldBeTrue();
        open.NotFound(Later).NotFound(Later).IsOpen.ShouldBeFalse();
    }

    [Fact]
    public void The_next_look_is_when_it_can_prove_something()
    {
        Presence.Gone.Unsettled(Later).NextLook(Now).ShouldBe(new Due.At(Later));
        Presence.Gone.Unsettled(Later).NextLook(Later).ShouldBe(Due.AtOnce);
    }

    [Fact]
    public void Being_found_closes_nothing_before_its_time()
    {
        var found = Presence.Gone.Unsettled(Later).Found(Now);

        found.IsAtProvider.ShouldBeTrue();
        found.IsInDoubt.ShouldBeFalse();
        found.SettlesAt.ShouldBe(Later);
        found.Found(Later).IsOpen.ShouldBeFalse();
        found.NotFound(Now).IsOpen.ShouldBeTrue("it was deleted, and the open call may make it again");
    }

    [Fact]
    public void Another_open_call_brings_into_doubt_what_was_seen_and_never_shortens_the_wait()
    {
        var doubted = Presence.Gone.Found(Now).Unsettled(Later);

        doubted.IsInDoubt.ShouldBeTrue();
        doubted.Unsettled(Now).SettlesAt.ShouldBe(Later);
        doubted.NotFound(Later).Unsettled(Later).AbsentLooks.ShouldBe(0);
    }

    [Fact]
    public void Vanishing_leaves_an_open_call_open()
    {
        Presence.Gone.Unsettled(Later).Found(Now).Vanished().SettlesAt.ShouldBe(Later);
        Presence.Gone.Found(Now).Vanished().ShouldBe(Presence.Gone);
    }
}
