using System.Text.Json;
using System.Text.Json.Serialization;

namespace Mooring.Cli.Configuration;

/// <summary>
/// The file that remembers servers and keys:
/// <code>
/// {"current":"lab","contexts":{"lab":{"server":"https://mooring.example","keyFile":"/etc/lab.key","key":null}}}
/// </code>
/// It may hold keys, so nobody else may read it.
/// </summary>
internal sealed class ConfigurationFile(string path)
{
    public string Path { get; } = path;

    /// <summary>Where it is: below XDG_CONFIG_HOME, by default ~/.config (XDG Base Directory Specification).</summary>
    public static ConfigurationFile Of(Surroundings around)
    {
        var home = around.Variable("XDG_CONFIG_HOME") is { } given && System.IO.Path.IsPathRooted(given)
            ? given
            : System.IO.Path.Combine(around.Variable("HOME") ?? Environment.GetFolderPath(
                Environment.SpecialFolder.UserProfile, Environment.SpecialFolderOption.DoNotVerify), ".config");
        return new ConfigurationFile(System.IO.Path.Combine(home, "mooring", "config.json"));
    }

    /// <exception cref="CommandFailedException">It is there, but can't be used.</exception>
    public Contexts Read()
    {
        if (!File.Exists(Path))
        {
            return new Contexts();
        }

        try
        {
            return JsonSerializer.Deserialize(PrivateFile.Read(Path), ConfigurationJson.Default.Contexts)
                ?? new Contexts();
        }
        catch (JsonException e)
        {
            throw new CommandFailedException(
                $"{Path} is no configuration of mooring ({e.Message}); mend or remove it", e);
        }
    }

    public void Write(Contexts contexts) =>
        PrivateFile.Write(Path, JsonSerializer.Serialize(contexts, ConfigurationJson.Default.Contexts) + "\n");
}

/// <summary>Everything in the file.</summary>
internal sealed record Contexts
{
    public const string DefaultName = "default";

    /// <summary>The context that holds where none is named.</summary>
    public string Current { get; init; } = DefaultName;

    [JsonPropertyName("contexts")]
    public IReadOnlyDictionary<string, Context> All { get; init; } = new Dictionary<string, Context>();

    public Contexts With(string name, Context context) =>
        this with { All = new Dictionary<string, Context>(All) { [name] = context } };
}

/// <summary>One server and the key for it.</summary>
internal sealed record Context
{
    public string? Server { get; init; }

    /// <summary>Absolute path of a file that holds the key and nothing else.</summary>
    public string? KeyFile { get; init; }

    public string? Key { get; init; }
}

[JsonSourceGenerationOptions(JsonSerializerDefaults.Web, WriteIndented = true)]
[JsonSerializable(typeof(Contexts))]
[JsonSerializable(typeof(Shown))]
[JsonSerializable(typeof(ShownContext))]
internal sealed partial class ConfigurationJson : JsonSerializerContext;
