using CsCheck;
using Mooring.Server.Tests.Histories;

namespace Mooring.Server.Tests.Disks;

/// <summary>Disks and the pods that compete for them, through random histories.</summary>
public sealed class DiskHistoryTests
{
    [Theory]
    [InlineData(true, false)]
    [InlineData(false, false)]
    [InlineData(true, true)]
    [InlineData(false, true)]
    public void Every_history_keeps_the_rules_and_settles(bool namesAreUnique, bool isCloud) =>
        Act.Histories(120).Sample(
            acts => History.PlayAll(namesAreUnique, isCloud, acts),
            iter: 2_000,
            print: acts => string.Join(", ", acts));
}
