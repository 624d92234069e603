using System.Text.Json;
using Docker.DotNet.Models;
using Microsoft.Extensions.Logging;
using Mooring.Providers;

namespace Mooring.Agent.Engine;

/// <summary>
/// What the engine can run: images loaded from archives on this host. Nothing is fetched from anywhere.
/// </summary>
internal sealed partial class Images(AgentOptions options, EngineConnection engine, ILogger<Images> logger)
{
    private const string SshPort = "22/tcp";
    private static readonly TimeSpan LoadLimit = TimeSpan.FromMinutes(30);

    private string RecordPath => Path.Combine(options.EngineDirectory, "images.json");

    /// <summary>Whether every archive was looked at once since this process began.</summary>
    public bool WereLoaded { get; private set; }

    /// <summary>How many archives were loaded since this process began.</summary>
    public int Loads { get; private set; }

    /// <summary>Loads each archive that is new, has changed, or whose images the engine has lost.</summary>
    public async Task LoadMissingAsync(CancellationToken ct)
    {
        if (!Directory.Exists(options.ImageArchiveDirectory))
        {
            WereLoaded = true;
            return;
        }

        var record = ReadRecord();
        var present = (await ListAsync(ct)).ToHashSet(StringComparer.Ordinal);
        foreach (var archive in Directory.EnumerateFiles(options.ImageArchiveDirectory, "*.tar").Order())
        {
            var file = new FileInfo(archive);
            var known = record.GetValueOrDefault(file.Name);
            if (known?.Length == file.Length && known.ModifiedTicks == file.LastWriteTimeUtc.Ticks
                && known.References.All(present.Contains))
            {
                continue;
            }

            try
            {
                var references = await LoadAsync(archive, ct);
                LogLoaded(file.Name, string.Join(", ", references));
                Loads++;
                record[file.Name] = new LoadedArchive(file.Length, file.LastWriteTimeUtc.Ticks, references);
                WriteRecord(record);
            }
            catch (Exception e) when (e is RefusedException or IOException)
            {
                // It may still be being written; the next look finds it changed, or says this again.
                LogNotLoaded(file.Name, e.Message);
            }
        }

        WereLoaded = true;
    }

    /// <summary>References of the images that the engine has, <c>localhost/mooring/ubuntu:latest</c>.</summary>
    public async Task<IReadOnlyList<string>> ListAsync(CancellationToken ct)
    {
        var images = await engine.ReadAsync(client => client.Images.ListImagesAsync(new(), ct), ct);
        return [.. images.SelectMany(image => image.RepoTags ?? []).Order(StringComparer.Ordinal)];
    }

    /// <summary>Whether an image has an SSH server: it says so by a label, or exposes port 22.</summary>
    /// <exception cref="RefusedException">The host does not have the image.</exception>
    /// <exception cref="UnreachableException">Its archives are still being loaded.</exception>
    public async Task<bool> HasSshServerAsync(string image, CancellationToken ct)
    {
        var found = await engine.FindAsync(client => client.Images.InspectImageAsync(image, ct), ct);
        if (found is null)
        {
            throw WereLoaded
                ? new RefusedException($"this host does not have the image {image}")
                : new UnreachableException("the host is still loading its images");
        }

        return (found.Config?.Labels?.TryGetValue(ContainerLabels.Ssh, out var port) is true && port == "22")
            || (found.Config?.ExposedPorts?.ContainsKey(SshPort) ?? false);
    }

    private async Task<IReadOnlyList<string>> LoadAsync(string archive, CancellationToken ct)
    {
        // Docker and Podman answer lines like {"stream":"Loaded image: localhost/mooring/ubuntu:latest\n"}.
        const string Mark = "Loaded image: ";
        var references = new List<string>();
        var progress = new Said(message =>
        {
            foreach (var line in (message.Stream ?? "").Split('\n', StringSplitOptions.TrimEntries))
            {
                if (line.StartsWith(Mark, StringComparison.Ordinal))
                {
                    references.AddRange(line[Mark.Length..].Split(',', StringSplitOptions.TrimEntries));
                }
            }
        });
        await using var stream = File.OpenRead(archive);
        await engine.ChangeAsync(
            $"the image archive {Path.GetFileName(archive)} can't be loaded",
            client => client.Images.LoadImageAsync(new ImageLoadParameters { Quiet = true }, stream, progress, ct),
            ct,
            LoadLimit);
        return references;
    }

    private Dictionary<string, LoadedArchive> ReadRecord()
    {
        try
        {
            return JsonSerializer.Deserialize<Dictionary<string, LoadedArchive>>(File.ReadAllText(RecordPath)) ?? [];
        }
        catch (Exception e) when (e is IOException or JsonException)
        {
            return [];
        }
    }

    private void WriteRecord(Dictionary<string, LoadedArchive> record)
    {
        Directory.CreateDirectory(options.EngineDirectory);
        File.WriteAllText(RecordPath, JsonSerializer.Serialize(record));
    }

    [LoggerMessage(LogLevel.Information, "Loaded the image archive {Archive}: {References}")]
    private partial void LogLoaded(string archive, string references);

    [LoggerMessage(LogLevel.Warning, "The image archive {Archive} is not loaded: {Reason}")]
    private partial void LogNotLoaded(string archive, string reason);

    private sealed record LoadedArchive(long Length, long ModifiedTicks, IReadOnlyList<string> References);

    // Progress<T> would post to the thread pool and lose the order.
    private sealed class Said(Action<JSONMessage> onMessage) : IProgress<JSONMessage>
    {
        public void Report(JSONMessage value) => onMessage(value);
    }
}
