using System.Text.Json;
using Mooring.Cli.Configuration;

namespace Mooring.Cli.Tests.Configuration;

public sealed class ConfigCommandTests : IAsyncLifetime
{
    private const UnixFileMode Private = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    private readonly CommandLine _line = new();
    private StubServer _server = null!;

    public async ValueTask InitializeAsync()
    {
        _server = await StubServer.StartAsync();
        _server.HasDisks();
    }

    public async ValueTask DisposeAsync()
    {
        await _server.DisposeAsync();
        _line.Dispose();
    }

    [Fact]
    public async Task Remembers_a_server_and_a_key_that_nobody_else_may_read()
    {
        _line.Keyboard.Lines.Enqueue(" mrg_test.kept ");

        (await _line.RunAsync("config", "set", "server", $"{_server.Address}")).ShouldBe(ExitCode.Done);
        (await _line.RunAsync("config", "set", "key")).ShouldBe(ExitCode.Done);
        (await _line.RunAsync("disks", "list")).ShouldBe(ExitCode.Done);

        _server.Requests.ShouldHaveSingleItem().Authorization.ShouldBe("Bearer mrg_test.kept");
        File.GetUnixFileMode(_line.ConfigurationPath).ShouldBe(Private);
        File.GetUnixFileMode(Path.GetDirectoryName(_line.ConfigurationPath)!)
            .ShouldBe(Private | UnixFileMode.UserExecute);
        (await _line.RunAsync("config", "show")).ShouldBe(ExitCode.Done);
        _line.Output.ShouldContain($"server   {_server.Address} (from context default)\n");
        _line.Output.ShouldNotContain("kept\n");
    }

    [Fact]
    public async Task A_key_is_asked_for_and_not_taken_as_an_argument()
    {
        _line.Keyboard.IsTerminal = true;
        _line.Keyboard.Lines.Enqueue("mrg_test.kept");

        (await _line.RunAsync("config", "set", "key", "mrg_sekret")).ShouldBe(ExitCode.Usage);
        _line.Error.ShouldNotContain("sekret");
        (await _line.RunAsync("config", "set", "key")).ShouldBe(ExitCode.Done);
        _line.Error.ShouldStartWith("API key (it is not shown): ");
        (await _line.RunAsync("config", "set", "key")).ShouldBe(ExitCode.Usage);
    }

    [Theory]
    [InlineData(UnixFileMode.GroupRead)]
    [InlineData(UnixFileMode.OtherRead)]
    [InlineData(UnixFileMode.OtherWrite)]
    public async Task Reads_no_key_from_a_file_that_others_may_read_or_change(UnixFileMode other)
    {
        _line.Variables[Access.ServerVariable] = $"{_server.Address}";
        var file = _line.Folder.File("key", "mrg_test.key\n");
        File.SetUnixFileMode(file, Private | other);

        (await _line.RunAsync("disks", "list", "--key-file", file)).ShouldBe(ExitCode.NotAllowed);
        _line.Error.ShouldContain($"Run: chmod 600 {file}");
        (await _line.RunAsync("config", "set", "key-file", file)).ShouldBe(ExitCode.NotAllowed);
        _server.Requests.ShouldBeEmpty();

        File.SetUnixFileMode(file, Private);
        (await _line.RunAsync("disks", "list", "--key-file", file)).ShouldBe(ExitCode.Done);
        _server.Requests.ShouldHaveSingleItem().Authorization.ShouldBe("Bearer mrg_test.key");
    }

    [Fact]
    public async Task Uses_no_configuration_that_others_may_read()
    {
        await _line.RunAsync("config", "set", "server", $"{_server.Address}");
        File.SetUnixFileMode(_line.ConfigurationPath, Private | UnixFileMode.GroupRead);

        (await _line.RunAsync("disks", "list")).ShouldBe(ExitCode.NotAllowed);

        _line.Error.ShouldContain($"chmod 600 {_line.ConfigurationPath}");
    }

    [Theory]
    [InlineData("--server")]
    [InlineData("variable")]
    public async Task A_key_kept_for_one_server_is_sent_to_no_other(string how)
    {
        _line.Keyboard.Lines.Enqueue("mrg_test.kept");
        await _line.RunAsync("config", "set", "server", "https://mooring.example");
        await _line.RunAsync("config", "set", "key");
        string[] args = ["disks", "list"];
        if (how == "variable")
        {
            _line.Variables[Access.ServerVariable] = $"{_server.Address}";
        }
        else
        {
            args = [.. args, "--server", $"{_server.Address}"];
        }

        (await _line.RunAsync(args)).ShouldBe(ExitCode.NotAllowed);

        _line.Error.ShouldStartWith(
            "mooring: the key of context default is for https://mooring.example, not for this server.");
        _server.Requests.ShouldBeEmpty();
    }

    [Fact]
    public async Task The_command_line_goes_before_the_environment_and_that_before_the_file()
    {
        await _line.RunAsync("config", "set", "server", "https://file.example");
        await _line.RunAsync("config", "set", "server", "https://lab.example", "--context", "lab");

        (await ServerAsync()).ShouldBe("https://file.example/");
        _line.Variables[Access.ContextVariable] = "lab";
        (await ServerAsync()).ShouldBe("https://lab.example/");
        _line.Variables[Access.ServerVariable] = "https://variable.example";
        (await ServerAsync()).ShouldBe("https://variable.example/");
        (await ServerAsync("--context", "lab")).ShouldBe("https://lab.example/");
        (await ServerAsync("--server", "https://given.example", "--context", "lab")).ShouldBe("https://given.example/");
    }

    [Fact]
    public async Task Contexts_are_listed_used_and_forgotten()
    {
        await _line.RunAsync("config", "set", "server", "https://home.example", "--context", "home");
        await _line.RunAsync("config", "set", "server", "https://lab.example", "--context", "lab");

        await _line.RunAsync("config", "contexts");
        _line.Output.ShouldBe(
            """
               NAME  SERVER                KEY
            *  home  https://home.example  -
               lab   https://lab.example   -

            """);
        (await _line.RunAsync("config", "use", "nowhere")).ShouldBe(ExitCode.NotFound);
        (await _line.RunAsync("config", "use", "lab")).ShouldBe(ExitCode.Done);
        (await ServerAsync()).ShouldBe("https://lab.example/");
        (await _line.RunAsync("config", "unset", "server")).ShouldBe(ExitCode.Done);
        (await _line.RunAsync("disks", "list", "--context", "lab")).ShouldBe(ExitCode.NotFound);
        _line.Error.ShouldBe("mooring: there is no context lab, only home\n");
    }

    [Theory]
    [InlineData("127.0.0.1:7070")]
    [InlineData("ftp://127.0.0.1")]
    [InlineData("http://me:sekret@127.0.0.1")]
    [InlineData("http://127.0.0.1?key=x")]
    public async Task What_is_no_address_is_refused_wherever_it_stands(string address)
    {
        (await _line.RunAsync("config", "set", "server", address)).ShouldBe(ExitCode.Usage);
        (await _line.RunAsync("disks", "list", "--server", address)).ShouldBe(ExitCode.Usage);
        _line.Variables[Access.ServerVariable] = address;
        (await _line.RunAsync("disks", "list")).ShouldBe(ExitCode.Usage);
    }

    [Fact]
    public async Task A_configuration_that_is_none_is_told_and_left_alone()
    {
        _line.Folder.File("mooring/config.json", "{");
        File.SetUnixFileMode(_line.ConfigurationPath, Private);

        (await _line.RunAsync("config", "set", "server", "https://home.example")).ShouldBe(ExitCode.Failed);

        _line.Error.ShouldContain($"{_line.ConfigurationPath} is no configuration of mooring");
        (await File.ReadAllTextAsync(_line.ConfigurationPath, TestContext.Current.CancellationToken)).ShouldBe("{");
    }

    private async Task<string?> ServerAsync(params string[] more)
    {
        (await _line.RunAsync(["config", "show", "-o", "json", .. more])).ShouldBe(ExitCode.Done, _line.Error);
        return JsonDocument.Parse(_line.Output).RootElement.GetProperty("server").GetString();
    }
}
