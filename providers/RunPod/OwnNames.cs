namespace Mooring.Providers.RunPod;

/// <summary>The names of one installation.</summary>
internal sealed class OwnNames(string installation)
{
    /// <summary>Whether a name is one of its.</summary>
    public bool Has(string name) => RemoteName.IdIn(installation, name) is not null;

    /// <summary>Stops a name that is none.</summary>
    /// <exception cref="RefusedException">It is none.</exception>
    public void Require(string name)
    {
        if (!Has(name))
        {
            var shown = name.Length > RemoteName.Length ? name[..RemoteName.Length] + "…" : name;
            throw new RefusedException($"'{shown}' is no name of this installation.");
        }
    }
}
