using System.ComponentModel;

namespace Mooring.Providers.Local.Tests;

public sealed class LocalErrorsTests
{
    public static TheoryData<Exception, Type> Failures() => new()
    {
        { new PosixException(28, "fsync", "/d"), typeof(OutOfStockException) },
        { new PosixException(122, "ftruncate", "/d"), typeof(OutOfStockException) },
        { new PosixException(1, "link", "/d"), typeof(UnauthorizedException) },
        { new PosixException(13, "open", "/d"), typeof(UnauthorizedException) },
        { new UnauthorizedAccessException("no"), typeof(UnauthorizedException) },
        { new PosixException(27, "ftruncate", "/d"), typeof(RefusedException) },
        { new PosixException(22, "ftruncate", "/d"), typeof(RefusedException) },
        { new PosixException(5, "statx", "/d"), typeof(UnreachableException) },
        { new PosixException(30, "open", "/d"), typeof(UnreachableException) },
        { new DirectoryNotFoundException("gone"), typeof(UnreachableException) },
        { new IOException("odd"), typeof(UnreachableException) },
        { new Win32Exception(2, "no such program"), typeof(UnreachableException) },
    };

    public static TheoryData<int, string, Type> MkfsFailures() => new()
    {
        { 1, "mke2fs 1.47.0\nmkfs.ext4: No space left on device while writing superblock\n",
            typeof(OutOfStockException) },
        { 1, "mkfs.ext4: Disk quota exceeded while setting up superblock\n", typeof(OutOfStockException) },
        { 1, "mkfs.ext4: Input/output error while writing inode tables\n", typeof(UnreachableException) },
        { 1, "mkfs.ext4: Read-only file system while setting up superblock\n", typeof(UnreachableException) },
        { 137, "", typeof(UnreachableException) },
        { 1, "mkfs.ext4: Device size reported to be zero.\n", typeof(RefusedException) },
        { 1, "", typeof(RefusedException) },
    };

    [Theory]
    [MemberData(nameof(Failures), DisableDiscoveryEnumeration = true)]
    public void Turn_each_native_failure_into_one_typed_error_with_its_words(Exception failure, Type expected)
    {
        LocalErrors.IsNative(failure).ShouldBeTrue();

        var error = LocalErrors.From(failure);

        error.ShouldBeOfType(expected);
        error.Message.ShouldContain(failure.Message);
        error.InnerException.ShouldBeSameAs(failure);
    }

    [Theory]
    [MemberData(nameof(MkfsFailures))]
    public void Understand_what_mkfs_says(int exitCode, string standardError, Type expected) =>
        LocalErrors.FromMkfs(exitCode, standardError).ShouldBeOfType(expected);

    [Fact]
    public void Leave_a_failure_that_is_not_the_systems_alone() =>
        LocalErrors.IsNative(new InvalidOperationException()).ShouldBeFalse();
}
