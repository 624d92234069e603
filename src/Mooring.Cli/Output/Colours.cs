using Mooring.Contract.Native;
using Mooring.Contract.V1;

namespace Mooring.Cli.Output;

/// <summary>
/// The terminal's own colours (ECMA-48, "Select Graphic Rendition"), so that they suit light and dark themes.
/// </summary>
internal static class Colours
{
    private const string Green = "32";
    private const string Yellow = "33";
    private const string Red = "31";
    private const string Faint = "2";

    public static string OfStatus(string status) => status switch
    {
        Statuses.Active or WalletStatuses.Funded => Green,
        Statuses.Error or Statuses.Unknown or WalletStatuses.Empty => Red,
        Statuses.Stopped or Statuses.Terminated => Faint,
        _ => Yellow,
    };

    public static string Paint(string text, string colour) => $"\u001b[{colour}m{text}\u001b[0m";
}
