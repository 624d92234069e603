using Mooring.Cli.Configuration;

namespace Mooring.Cli.Completion;

/// <summary>The contexts' names, to complete with.</summary>
internal static class ContextNames
{
    /// <summary>None where the configuration can't be read: a completion has nowhere to say so.</summary>
    public static IEnumerable<string> Of(Surroundings around)
    {
        try
        {
            return ConfigurationFile.Of(around).Read().All.Keys.Order(StringComparer.Ordinal);
        }
        catch (CommandFailedException)
        {
            return [];
        }
    }
}
