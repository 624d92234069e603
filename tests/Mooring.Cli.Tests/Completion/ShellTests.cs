using Mooring.Cli.Tests.Binary;

namespace Mooring.Cli.Tests.Completion;

/// <summary>The completion scripts in the shells that they are for.</summary>
public sealed class ShellTests : IAsyncLifetime
{
    private readonly TemporaryFolder _home = new();
    private StubServer _server = null!;

    public async ValueTask InitializeAsync()
    {
        _server = await StubServer.StartAsync();
        _server.HasDisks(Rows.Disk(), Rows.Disk(Rows.OtherId, "two words"));
    }

    public async ValueTask DisposeAsync()
    {
        await _server.DisposeAsync();
        _home.Dispose();
    }

    [Theory]
    [InlineData("mooring di", "disks")]
    [InlineData("mooring disks su", "suspend")]
    [InlineData("mooring disks get tr", "training-data")]
    [InlineData("mooring disks get 01", $"{Rows.DiskId} {Rows.OtherId}")]
    [InlineData("mooring disks create --off", "--offer")]
    [InlineData("mooring keys create ci -p disks:r", "read")]
    [InlineData("mooring disks list --key-file /etc/hostn", "")]
    public async Task Bash_completes(string typed, string completed)
    {
        // As readline does it (bash(1), "Programmable Completion"); a word with a colon is three to bash.
        const string script =
            """
            source <(mooring completion bash)
            complete -p mooring >/dev/null || exit
            COMP_LINE=$1 COMP_POINT=${#1}
            read -ra COMP_WORDS <<<"${1//:/ : }"
            COMP_CWORD=$((${#COMP_WORDS[@]} - 1))
            _mooring mooring "${COMP_WORDS[COMP_CWORD]}"
            echo "${COMPREPLY[*]}"
            """;
        var run = await Executable.RunAsync("bash", _home.Path, _server, "--norc", "-c", script, "bash", typed);

        (run.Code, run.Output, run.Error).ShouldBe((0, completed + "\n", ""));
    }

    [Theory]
    [InlineData("mooring di", "mooring disks ")]
    [InlineData("mooring disks su", "mooring disks suspend ")]
    [InlineData("mooring disks get tr", "mooring disks get training-data ")]
    [InlineData("mooring keys create ci -p disks:r", "mooring keys create ci -p disks:read ")]
    [InlineData("mooring disks list --key-file /etc/hostn", "mooring disks list --key-file /etc/hostname ")]
    public async Task Zsh_completes(string typed, string completed)
    {
        // A terminal of its own, in which Tab is pressed; Ctrl-X then tells what stands on the line. What is waited for
        // is typed in two parts, as the terminal may show what was typed at any time.
        const string script =
            """
            zmodload zsh/zpty
            zpty shell zsh -f -i
            zpty -w shell "PROMPT= RPROMPT=; autoload -Uz compinit; compinit -u -d $HOME/dump"
            zpty -w shell 'source <(mooring completion zsh); tell() { print -r -- "LI""NE[$BUFFER]"; zle send-break }'
            zpty -w shell 'zle -N tell; bindkey "^X" tell; print RE''ADY'
            zpty -r shell seen '*READY*'
            zpty -w -n shell "$1"$'\t\x18'
            zpty -r shell seen '*LINE\[*\]*'
            seen=${seen#*LINE\[}
            print -r -- ${seen%\]*}
            zpty -d shell
            """;
        var run = await Executable.RunAsync("zsh", _home.Path, _server, "-f", "-c", script, "zsh", typed);

        (run.Code, run.Output, run.Error).ShouldBe((0, completed + "\n", ""));
    }

    [Theory]
    [InlineData("mooring di", "disks")]
    [InlineData("mooring disks su", "suspend")]
    [InlineData("mooring disks get tr", "training-data")]
    [InlineData("mooring keys create ci -p disks:r", "disks:read")]
    [InlineData("mooring disks list --key-file /etc/hostn", "/etc/hostname")]
    public async Task Fish_completes(string typed, string completed)
    {
        var run = await Executable.RunAsync(
            "fish", _home.Path, _server,
            "--no-config", "-c", "mooring completion fish | source; complete --do-complete $argv[1]", typed);

        (run.Code, run.Output, run.Error).ShouldBe((0, completed + "\n", ""));
    }
}
