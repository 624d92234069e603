using Mooring.Conformance.Tests.Suite;

namespace Mooring.Conformance.Tests.Local;

public sealed class LocalDiskConformance : DiskConformance
{
    private const string OneSystemCall = "it is one system call, in whose middle nothing can be cancelled";
    private const string NoPages = "a directory is read in one go and has no pages";

    public override string Provider => "local";

    public override IReadOnlyDictionary<Circumstance, string> NotApplicable { get; } =
        new Dictionary<Circumstance, string>
        {
            [Circumstance.LateCreate] = "a call that has ended has no effects later: its settling time is zero",
            [Circumstance.Duplicate] = "link(2) gives a name once: a directory can't hold two",
            [Circumstance.SlowDelete] = "unlink(2) has removed the image when it returns",
            [Circumstance.BadCredentials] = "a directory asks for no credentials",
            [Circumstance.Throttling] = "a file system sends nobody away",
            [Circumstance.BrokenList] = NoPages,
            [Circumstance.EmptyPage] = NoPages,
            [Circumstance.Billing] = "a directory charges nothing",
            [Circumstance.BlindAfterCreate] = "link(2) itself says that it is made: no look follows",
            [Circumstance.KnownById] = "a disk is the file of its name, and has no other id",
            [Circumstance.HangingDelete] = OneSystemCall,
            [Circumstance.HangingLook] = OneSystemCall,
            [Circumstance.HangingList] = OneSystemCall,
        };

    protected override async Task<Site> OpenAsync(Circumstance circumstance) =>
        await LocalSite.OpenAsync(circumstance, Ct);
}
