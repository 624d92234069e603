using System.CommandLine;
using System.CommandLine.Completions;

namespace Mooring.Cli.Completion;

/// <summary>What a server can be asked for names of.</summary>
internal enum Kind
{
    Disks,
    Pods,
    SshKeys,
    Keys,
}

/// <summary>
/// A completion that only the server knows. System.CommandLine asks its sources synchronously and keeps what contains
/// the word; so a source answers a mark with the kind and the word in it, for which <see cref="Suggestions"/> puts
/// the names.
/// </summary>
internal static class Wish
{
    private const char Mark = '\u0001';

    public static void For(Argument argument, Kind kind) => argument.CompletionSources.Add(Source(kind));

    public static void For(Option option, Kind kind) => option.CompletionSources.Add(Source(kind));

    /// <summary>The kind that a completion stands for; null where it is one to be shown.</summary>
    public static Kind? In(string label) =>
        label.Length > 1 && label[0] == Mark && Enum.IsDefined((Kind)(label[1] - '0')) ? (Kind)(label[1] - '0') : null;

    private static Func<CompletionContext, IEnumerable<CompletionItem>> Source(Kind kind) =>
        context => [new CompletionItem($"{Mark}{(char)('0' + (int)kind)}{context.WordToComplete}")];
}
