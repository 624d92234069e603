using Mooring.Cli.Daemon;

namespace Mooring.Cli.Tests.Daemon;

public sealed class DaemonSearchTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly Dictionary<string, string> _environment = [];

    private string Home => Path.Combine(_folder.Path, "bin");

    public DaemonSearchTests() => Directory.CreateDirectory(Home);

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("bin/mooringd")]
    [InlineData("bin/mooringd/mooringd")]
    [InlineData("libexec/mooring/mooringd")]
    [InlineData("libexec/mooringd")]
    [InlineData("lib/mooring/mooringd")]
    public void Finds_the_program_beside_or_in_sibling_folders(string place)
    {
        _folder.Script(place, "exit 0");

        Found().File.ShouldBe(Path.Combine(_folder.Path, place));
    }

    [Fact]
    public void Starts_a_dll_with_dotnet()
    {
        var dll = _folder.File("bin/mooringd.dll", "");

        Found().File.ShouldBe("dotnet");
        Found().Before.ShouldBe([dll]);
        _environment["DOTNET_HOST_PATH"] = "/opt/dotnet/dotnet";
        Found().File.ShouldBe("/opt/dotnet/dotnet");
    }

    [Fact]
    public void Passes_over_a_file_that_is_no_program()
    {
        _folder.File("bin/mooringd", "");
        var sibling = _folder.Script("libexec/mooring/mooringd", "exit 0");

        Found().File.ShouldBe(sibling);
    }

    [Fact]
    public void Goes_by_PATH_last()
    {
        _environment["PATH"] = $"/nonexistent:{Path.Combine(_folder.Path, "elsewhere")}";
        var onPath = _folder.Script("elsewhere/mooringd", "exit 0");

        Found().File.ShouldBe(onPath);
        var beside = _folder.Script("bin/mooringd", "exit 0");
        Found().File.ShouldBe(beside);
    }

    [Fact]
    public void MOORINGD_decides_alone()
    {
        _folder.Script("bin/mooringd", "exit 0");
        _environment["MOORINGD"] = _folder.File("build/mooringd.dll", "");

        Found().Before.ShouldBe([_environment["MOORINGD"]]);
        _environment["MOORINGD"] = "/nonexistent/mooringd";
        Search.Find().ShouldBeNull();
        Search.Failure.ShouldBe("MOORINGD names /nonexistent/mooringd, which is not there. Correct or unset it.");
    }

    [Fact]
    public void Says_where_it_looked()
    {
        Search.Find().ShouldBeNull();
        Search.Failure.ShouldContain(Home);
        Search.Failure.ShouldContain("MOORINGD");
    }

    private DaemonSearch Search => new(Home, _environment.GetValueOrDefault);

    private DaemonProgram Found() => Search.Find().ShouldNotBeNull();
}
