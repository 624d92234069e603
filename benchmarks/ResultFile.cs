using System.Text.Json;

namespace Mooring.Benchmarks;

/// <summary>The stored results: those measured now in place of earlier ones of the same row and engine.</summary>
internal static class ResultFile
{
    public static async Task StoreAsync(string path, IReadOnlyList<Result> measured, CancellationToken ct)
    {
        List<Result> all = [];
        if (File.Exists(path))
        {
            await using var stored = File.OpenRead(path);
            all = await JsonSerializer.DeserializeAsync(stored, ResultJson.Readable.ListResult, ct) ?? [];
        }

        foreach (var result in measured)
        {
            var place = all.FindIndex(old => old.Row == result.Row && old.Engine == result.Engine);
            if (place < 0)
            {
                all.Add(result);
            }
            else
            {
                all[place] = result;
            }
        }

        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        await File.WriteAllTextAsync(path, JsonSerializer.Serialize(all, ResultJson.Readable.ListResult) + "\n", ct);
    }
}
