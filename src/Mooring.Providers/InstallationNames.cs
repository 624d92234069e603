namespace Mooring.Providers;

/// <summary>Which remote names are one installation's: an adapter speaks of no others to its place.</summary>
/// <param name="installation">The installation's 8 characters.</param>
public sealed class InstallationNames(string installation)
{
    /// <summary>Whether a name is one of its.</summary>
    public bool Has(string name) => RemoteName.IdIn(installation, name) is not null;

    /// <summary>Stops a name that is none.</summary>
    /// <exception cref="RefusedException">It is none.</exception>
    public void Require(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        if (!Has(name))
        {
            var shown = name.Length > RemoteName.Length ? name[..RemoteName.Length] + "…" : name;
            throw new RefusedException($"'{shown}' is no name of this installation.");
        }
    }
}
