using System.CommandLine;
using System.CommandLine.Invocation;
using System.CommandLine.Parsing;
using Mooring.Cli.Commands;
using Mooring.Cli.Configuration;
using Mooring.Cli.Output;
using Mooring.Client;

namespace Mooring.Cli.Completion;

/// <summary>
/// Answers <c>mooring [suggest:POSITION] LINE</c>, one completion a line, for the scripts of <see cref="Script"/>.
/// POSITION counts the characters of LINE before the cursor. Whatever goes wrong, there is nothing to suggest and
/// nothing to say: the user is in the middle of typing.
/// </summary>
internal sealed class Suggestions(RootCommand root, Common common) : AsynchronousCommandLineAction
{
    // Somebody waits at a key press.
    private static readonly TimeSpan AnswerTimeMax = TimeSpan.FromSeconds(1.5);
    private const int NamesMax = 200;

    // Forms of --help for users of another system, which nobody here wants to see.
    private static readonly string[] Foreign = ["-?", "/?", "/h"];

    public override async Task<int> InvokeAsync(ParseResult parseResult, CancellationToken cancellationToken = default)
    {
        var line = parseResult.Tokens.LastOrDefault(token => token.Type != TokenType.Directive)?.Value ?? "";
        var position = PositionIn(parseResult) ?? line.Length;
        foreach (var word in await OfAsync(line, Math.Clamp(position, 0, line.Length), cancellationToken))
        {
            await common.Around.Output.WriteLineAsync(Printable.Line(word));
        }

        return ExitCode.Done;
    }

    private static int? PositionIn(ParseResult parsed)
    {
        var directive = parsed.Tokens.FirstOrDefault(token => token.Type == TokenType.Directive)?.Value ?? "";
        return int.TryParse(directive.Trim('[', ']').Split(':').Last(), out var position) ? position : null;
    }

    private async Task<IReadOnlyList<string>> OfAsync(string line, int position, CancellationToken ct)
    {
        // What comes after the cursor says nothing about the word before it.
        var typed = line[..position];
        var parsed = root.Parse(typed);
        var word = typed[(typed.LastIndexOf(' ') + 1)..];
        List<string> words = [];
        foreach (var label in parsed.GetCompletions(position).Select(item => item.Label))
        {
            if (Wish.In(label) is { } kind)
            {
                words.AddRange(await AskAsync(parsed, kind, ct));
            }
            else if (!Foreign.Contains(label))
            {
                words.Add(label);
            }
        }

        return [.. words.Where(suggested => suggested.StartsWith(word, StringComparison.Ordinal)).Distinct()];
    }

    private async Task<IReadOnlyList<string>> AskAsync(ParseResult parsed, Kind kind, CancellationToken ct)
    {
        try
        {
            var access = Access.Of(common.Wanted(parsed), common.Around);
            using var http = Connection.To(access.Server, AnswerTimeMax);
            var client = Connection.Client(http, access.Server, access.ReadKey());
            var names = await Names(client, kind, ct).Take(NamesMax).ToListAsync(ct);
            return [.. names.SelectMany(Choices)];
        }
        catch (Exception e) when (e is MooringException or CommandFailedException or OperationCanceledException)
        {
            return [];
        }
    }

    private static IAsyncEnumerable<(string Id, string? Name)> Names(
        MooringClient client, Kind kind, CancellationToken ct) => kind switch
        {
            Kind.Disks => client.ListDisksAsync(ct: ct).Select(disk => (disk.Id, (string?)disk.Name)),
            Kind.Pods => client.ListPodsAsync(ct: ct).Select(pod => (pod.Id, pod.Name)),
            Kind.SshKeys => client.ListSshKeysAsync(ct: ct).Select(key => (key.Id, (string?)key.Name)),
            _ => KeysAsync(client, ct),
        };

    private static async IAsyncEnumerable<(string Id, string? Name)> KeysAsync(
        MooringClient client,
        [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken ct)
    {
        foreach (var key in await client.ListKeysAsync(ct))
        {
            if (key.RevokedAt is null)
            {
                yield return (key.Prefix, key.Name);
            }
        }
    }

    // A name that a shell would split or expand is offered by its id alone.
    private static IEnumerable<string> Choices((string Id, string? Name) thing) =>
        thing.Name is { Length: > 0 } name
        && name.All(letter => char.IsAsciiLetterOrDigit(letter) || letter is '-' or '_' or '.')
            ? [name, thing.Id]
            : [thing.Id];
}
