namespace Mooring.Cli.Tests;

/// <summary>The command line as a user types it.</summary>
public sealed class MooringCommandTests : IDisposable
{
    private readonly StringWriter _output = new();
    private readonly StringWriter _error = new();
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData]
    [InlineData("nonsense")]
    [InlineData("demo", "--nonsense")]
    [InlineData("demo", "extra")]
    [InlineData("demo", "--size")]
    [InlineData("demo", "--size", "0")]
    [InlineData("demo", "--size", "1.5")]
    [InlineData("demo", "--server", "127.0.0.1:7070")]
    [InlineData("demo", "--server", "ftp://127.0.0.1")]
    public async Task Wrong_use_ends_with_2_and_says_where_help_is(params string[] args)
    {
        (await RunAsync(args)).ShouldBe(ExitCode.Usage);

        _output.ToString().ShouldBeEmpty();
        _error.ToString().ShouldContain(args is ["demo", ..] ? "See: mooring demo --help" : "See: mooring --help");
    }

    [Theory]
    [InlineData("mooring demo --key-file /var/lib/mooring/admin.key", "--help")]
    [InlineData("mooring doctor", "--help")]
    [InlineData("mooring demo --key-file /var/lib/mooring/admin.key", "demo", "--help")]
    [InlineData("mooring doctor -- --help", "doctor", "--help")]
    public async Task Help_ends_with_examples(string example, params string[] args)
    {
        (await RunAsync(args)).ShouldBe(ExitCode.Done);

        var help = _output.ToString();
        help[help.IndexOf("Examples:", StringComparison.Ordinal)..].ShouldContain($"  {example}\n");
    }

    [Fact]
    public async Task A_key_is_never_an_argument()
    {
        await RunAsync("demo", "--help");

        _output.ToString().ShouldNotContain("--key ");
        (await RunAsync("demo", "--key", "sekret")).ShouldBe(ExitCode.Usage);
    }

    [Fact]
    public async Task A_failed_demo_ends_with_one_line_and_1()
    {
        (await RunAsync("demo", "--key-file", Path.Combine(_folder.Path, "absent"))).ShouldBe(ExitCode.Failed);

        _output.ToString().ShouldMatch(@"\Ademo: failed: the API key can't be read: [^\n]+\n\z");
    }

    [Theory]
    [InlineData("")]
    [InlineData("two words")]
    public async Task A_file_without_a_key_is_told_without_its_content(string content)
    {
        var file = _folder.File("key", content);

        (await RunAsync("demo", "--key-file", file, "--server", "http://127.0.0.1:1")).ShouldBe(ExitCode.Failed);

        _output.ToString().ShouldBe("demo: failed: the API key is empty or has characters that no key has\n");
    }

    [Fact]
    public async Task A_file_too_long_for_a_key_is_not_read()
    {
        var file = _folder.File("key", new string('x', 5000));

        (await RunAsync("demo", "--key-file", file)).ShouldBe(ExitCode.Failed);

        _output.ToString().ShouldContain("is no key file: it has over 4096 bytes");
    }

    private Task<int> RunAsync(params string[] args) => MooringCommand.RunAsync(args, _output, _error);
}
