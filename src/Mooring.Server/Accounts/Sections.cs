using System.Diagnostics.CodeAnalysis;
using Mooring.Contract.Native;

namespace Mooring.Server.Accounts;

/// <summary>What a key may do in one section of the API (contract, section 10).</summary>
[Flags]
internal enum Access
{
    None = 0,
    Read = 1,
    Write = 2,
}

/// <summary>The sections that a key's permissions are given by (architecture, section 9).</summary>
internal enum Section
{
    Availability,
    Disks,
    Instances,
    Teams,
    Billing,
    SshKeys,
    Admin,

    /// <summary>The caller's own API keys and name.</summary>
    Keys,
}

/// <summary>
/// Sections and permissions as they are written: to people, in <c>whoami</c>, and in requests for keys.
/// </summary>
internal static class Sections
{
    private const string Read = ":read";
    private const string Write = ":write";

    public static IReadOnlyList<Section> All { get; } = Enum.GetValues<Section>();

    /// <summary>Every permission that a key can be given, as text.</summary>
    public static IReadOnlyList<string> Permissions { get; } =
        [.. All.SelectMany(section => new[] { section.ToWire() + Read, section.ToWire() + Write })];

    /// <summary>A section as the vendor's documentation writes it, for example <c>SSH keys</c>.</summary>
    public static string ToWords(this Section section) => section == Section.SshKeys ? "SSH keys" : section.ToString();

    /// <summary>A section as <c>whoami</c> names it, for example <c>ssh_keys</c>.</summary>
    public static string ToWire(this Section section) => KeySections.All[(int)section];

    public static string ToWords(this Access access) => access == Access.Read ? "read" : "read and write";

    /// <summary>The part of a key's permissions that is about one section.</summary>
    public static Access AccessIn(this Section section, int permissions) =>
        (Access)((permissions >> (2 * (int)section)) & 3);

    /// <summary>A key's permissions as text, in the order of the sections.</summary>
    public static IReadOnlyList<string> ToWire(int permissions) =>
    [
        .. from section in All
           from access in new[] { Access.Read, Access.Write }
           where section.AccessIn(permissions).HasFlag(access)
           select section.ToWire() + (access == Access.Read ? Read : Write),
    ];

    /// <summary>Reads one permission, for example <c>disks:write</c>, which implies reading.</summary>
    public static bool TryParse([NotNullWhen(true)] string? text, out int permission)
    {
        foreach (var section in All)
        {
            if (text == section.ToWire() + Read || text == section.ToWire() + Write)
            {
                var isRead = text.EndsWith(Read, StringComparison.Ordinal);
                permission = ApiKey.Permit((section, isRead ? Access.Read : Access.Read | Access.Write));
                return true;
            }
        }

        permission = 0;
        return false;
    }
}
