using System.CommandLine;
using Mooring.Cli.Completion;
using Mooring.Cli.Output;
using Mooring.Contract.V1;

namespace Mooring.Cli.Commands.SshKeys;

/// <summary><c>mooring ssh-keys list</c>.</summary>
internal sealed class ListSshKeysCommand : ServerCommand
{
    public ListSshKeysCommand(Common common)
        : base(common, "list", "List the public keys that may log in to your pods.", "mooring ssh-keys list") =>
        AddCommonOptions();

    protected override async Task<int> RunAsync(Call call)
    {
        var keys = await call.Client.ListSshKeysAsync(ct: call.Ct).ToListAsync(call.Ct);
        call.Printer.Rows(keys, Printer.Json.SshKey, Table(call.Around.Time), "There are no SSH keys.");
        return ExitCode.Done;
    }

    private static Table<SshKey> Table(TimeProvider time) => new(
        new Column<SshKey>("ID", key => key.Id),
        new Column<SshKey>("NAME", key => key.Name) { WidthMin = 8 },
        new Column<SshKey>("PRIMARY", key => key.IsPrimary ? "yes" : "no"),
        new Column<SshKey>("AGE", key => Words.Age(key.CreatedAt, time)) { IsRight = true, LeftOut = 1 },
        new Column<SshKey>("PUBLIC KEY", key => key.PublicKey) { WidthMin = 12 });
}

/// <summary><c>mooring ssh-keys add</c>.</summary>
internal sealed class AddSshKeyCommand : ServerCommand
{
    // A public key of any kind is a few hundred characters.
    private const int LengthMax = 16_384;

    private readonly Argument<string> _name = new("name") { Description = "Its name, 1 to 255 characters." };

    private readonly Argument<FileInfo> _file = new("file")
    {
        Description = "The public half, one line, as in id_ed25519.pub.",
    };

    public AddSshKeyCommand(Common common)
        : base(
            common,
            "add",
            "Add a public key; pods that start from then on let it in.",
            "mooring ssh-keys add laptop ~/.ssh/id_ed25519.pub")
    {
        Arguments.Add(_name);
        Arguments.Add(_file);
        AddCommonOptions();
    }

    protected override async Task<int> RunAsync(Call call)
    {
        var text = await ReadAsync(call.Parsed.GetRequiredValue(_file), call.Ct);
        var key = await call.Client.CreateSshKeyAsync(call.Value(_name), text, call.Ct);
        call.Printer.Lines(key, Printer.Json.SshKey, $"SSH key {key.Name} ({key.Id}) is added");
        return ExitCode.Done;
    }

    private static async Task<string> ReadAsync(FileInfo file, CancellationToken ct)
    {
        try
        {
            var text = file.Length > LengthMax ? "" : (await File.ReadAllTextAsync(file.FullName, ct)).Trim();
            return text.Contains("PRIVATE KEY", StringComparison.Ordinal)
                ? throw new CommandFailedException($"{file} is the private half and stays with you; add {file}.pub")
                {
                    Code = ExitCode.Usage,
                }
                : text.Length == 0 || text.Contains('\n', StringComparison.Ordinal)
                    ? throw new CommandFailedException($"{file} is no public key: that is one line")
                    {
                        Code = ExitCode.Usage,
                    }
                    : text;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new CommandFailedException($"{file} can't be read: {e.Message}", e);
        }
    }
}

/// <summary><c>mooring ssh-keys delete</c>.</summary>
internal sealed class DeleteSshKeyCommand : ServerCommand
{
    private readonly Argument<string> _key = new SshKeyArgument();

    public DeleteSshKeyCommand(Common common)
        : base(
            common,
            "delete",
            "Remove a public key. Pods that run already may let it in until they end.",
            "mooring ssh-keys delete laptop")
    {
        Arguments.Add(_key);
        AddCommonOptions();
    }

    protected override async Task<int> RunAsync(Call call)
    {
        var id = await Naming.SshKeyAsync(call, call.Value(_key));
        var deleted = await call.Client.DeleteSshKeyAsync(id, call.Ct);
        call.Printer.Lines(deleted, Printer.Json.SshKeyDeleted, $"SSH key {id}: {deleted.Message}");
        return ExitCode.Done;
    }
}

/// <summary><c>mooring ssh-keys primary</c>.</summary>
internal sealed class PrimarySshKeyCommand : ServerCommand
{
    private readonly Argument<string> _key = new SshKeyArgument();

    public PrimarySshKeyCommand(Common common)
        : base(
            common,
            "primary",
            "Make a public key your main one, in place of the one that was.",
            "mooring ssh-keys primary laptop")
    {
        Arguments.Add(_key);
        AddCommonOptions();
    }

    protected override async Task<int> RunAsync(Call call)
    {
        var id = await Naming.SshKeyAsync(call, call.Value(_key));
        var updated = await call.Client.MakeSshKeyPrimaryAsync(id, call.Ct);
        call.Printer.Lines(updated, Printer.Json.SshKeyUpdated, $"SSH key {id}: {updated.Message}");
        return ExitCode.Done;
    }
}

/// <summary>An SSH key, as <see cref="Naming"/> has it.</summary>
internal sealed class SshKeyArgument : Argument<string>
{
    public SshKeyArgument() : base("ssh-key")
    {
        Description = "Its id, or its name if no other key has it.";
        Wish.For(this, Kind.SshKeys);
    }
}
