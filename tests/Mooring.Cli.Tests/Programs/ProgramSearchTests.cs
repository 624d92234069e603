using Mooring.Cli.Programs;

namespace Mooring.Cli.Tests.Programs;

public sealed class ProgramSearchTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly Dictionary<string, string> _environment = [];

    private string Home => Path.Combine(_folder.Path, "bin");

    public ProgramSearchTests() => Directory.CreateDirectory(Home);

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

    [Fact]
    public void Each_program_has_its_own_place_and_setting()
    {
        var simulators = new ProgramSearch(OtherProgram.Simulators, Home, _environment.GetValueOrDefault);
        _folder.Script("bin/mooringd", "exit 0");
        simulators.Find().ShouldBeNull();
        simulators.Failure.ShouldContain("MOORING_SIMULATE");

        var program = _folder.Script("bin/mooring-simulate/mooring-simulate", "exit 0");
        simulators.Find().ShouldNotBeNull().File.ShouldBe(program);
        _environment["MOORING_SIMULATE"] = _folder.Script("elsewhere/mooring-simulate", "exit 0");
        simulators.Find().ShouldNotBeNull().File.ShouldBe(_environment["MOORING_SIMULATE"]);
    }

    private ProgramSearch Search => new(OtherProgram.Server, Home, _environment.GetValueOrDefault);

    private FoundProgram Found() => Search.Find().ShouldNotBeNull();
}
