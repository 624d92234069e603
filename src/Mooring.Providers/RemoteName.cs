using System.Buffers;

namespace Mooring.Providers;

/// <summary>
/// The name under which one of our resources is known at a provider: <c>mrg-</c>, the installation's 8 characters,
/// <c>-</c>, and the 32 hexadecimal digits of the resource's id: 45 characters (architecture, section 3). Providers
/// match it exactly, never by prefix, except to list what belongs to one installation.
/// </summary>
public static class RemoteName
{
    private static readonly SearchValues<char> IdCharacters = SearchValues.Create("0123456789abcdef");

    /// <summary>Characters in every name.</summary>
    public const int Length = 45;

    /// <summary>The name of the resource <paramref name="id"/> (32 lower-case hex digits) of an installation.</summary>
    /// <exception cref="ArgumentException">The installation id is not 8 characters or the id not 32.</exception>
    public static string For(string installation, string id)
    {
        ArgumentNullException.ThrowIfNull(installation);
        ArgumentNullException.ThrowIfNull(id);
        if (installation.Length != 8 || id.Length != 32)
        {
            throw new ArgumentException($"'{installation}' and '{id}' do not make a remote name.", nameof(id));
        }

        return $"mrg-{installation}-{id}";
    }

    /// <summary>What every name of an installation starts with, the dash included.</summary>
    public static string Prefix(string installation) => $"mrg-{installation}-";

    /// <summary>The resource id in a name of this installation; null if the name is not one of its.</summary>
    public static string? IdIn(string installation, string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        return name.StartsWith(Prefix(installation), StringComparison.Ordinal) && IsOfMooring(name)
            ? name[^32..]
            : null;
    }

    /// <summary>Whether some installation of Mooring, this or another, gives such names.</summary>
    public static bool IsOfMooring(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        return name.Length == Length
            && name.StartsWith("mrg-", StringComparison.Ordinal)
            && name[Length - 33] == '-'
            && name.AsSpan(Length - 32).ContainsAnyExcept(IdCharacters) is false;
    }
}
