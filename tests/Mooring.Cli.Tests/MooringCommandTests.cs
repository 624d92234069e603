using Mooring.Cli.Configuration;

namespace Mooring.Cli.Tests;

/// <summary>The root and <c>mooring demo</c>, as a user types them.</summary>
public sealed class MooringCommandTests : IDisposable
{
    private readonly CommandLine _line = new();

    public void Dispose() => _line.Dispose();

    [Theory]
    [InlineData]
    [InlineData("nonsense")]
    [InlineData("demo", "--nonsense")]
    [InlineData("demo", "extra")]
    [InlineData("demo", "--size")]
    [InlineData("demo", "--size", "0")]
    [InlineData("demo", "--size", "1.5")]
    public async Task Wrong_use_ends_with_2_and_says_where_help_is(params string[] args)
    {
        (await _line.RunAsync(args)).ShouldBe(ExitCode.Usage);

        _line.Output.ShouldBeEmpty();
        _line.Error.ShouldEndWith(args is ["demo", ..] ? "See: mooring demo --help\n" : "See: mooring --help\n");
    }

    [Theory]
    [InlineData("mooring demo --key-file /var/lib/mooring/admin.key", "--help")]
    [InlineData("mooring doctor", "--help")]
    [InlineData("mooring demo --key-file /var/lib/mooring/admin.key", "demo", "--help")]
    [InlineData("mooring doctor -- --help", "doctor", "--help")]
    public async Task Help_ends_with_examples(string example, params string[] args)
    {
        (await _line.RunAsync(args)).ShouldBe(ExitCode.Done);

        var help = _line.Output;
        help[help.IndexOf("Examples:", StringComparison.Ordinal)..].ShouldContain($"  {example}\n");
    }

    [Fact]
    public async Task A_failed_demo_ends_with_one_line_and_1()
    {
        var absent = Path.Combine(_line.Folder.Path, "absent");

        (await _line.RunAsync("demo", "--key-file", absent)).ShouldBe(ExitCode.Failed);

        _line.Output.ShouldMatch(@"\Ademo: failed: \S+absent can't be read: [^\n]+\n\z");
    }

    [Theory]
    [InlineData("")]
    [InlineData("two words")]
    public async Task A_file_without_a_key_is_told_without_its_content(string content)
    {
        var file = Secret(content);

        (await _line.RunAsync("demo", "--key-file", file, "--server", "http://127.0.0.1:1")).ShouldBe(ExitCode.Failed);

        _line.Output.ShouldBe("demo: failed: the API key is empty or has characters that no key has\n");
    }

    [Fact]
    public async Task A_file_too_long_for_a_key_is_not_read()
    {
        var file = Secret(new string('x', 70_000));

        (await _line.RunAsync("demo", "--key-file", file)).ShouldBe(ExitCode.Failed);

        _line.Output.ShouldContain("so it is some other file");
    }

    [Fact]
    public async Task A_demo_takes_server_and_key_from_the_configuration()
    {
        _line.Keyboard.Lines.Enqueue("two");
        await _line.RunAsync("config", "set", "server", "http://127.0.0.1:1");
        await _line.RunAsync("config", "set", "key");

        (await _line.RunAsync("demo")).ShouldBe(ExitCode.Failed);

        _line.Output.ShouldContain("http://127.0.0.1:1/ gave no answer");
        _line.Variables.ShouldNotContainKey(Access.KeyVariable);
    }

    private string Secret(string content)
    {
        var file = _line.Folder.File("key", content);
        File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        return file;
    }
}
