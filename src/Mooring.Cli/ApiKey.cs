
namespace Mooring.Cli;

/// <summary>Where the API key comes from: a file or the environment, never an argument.</summary>
internal static class ApiKey
{
    public const string Variable = "MOORING_API_KEY";

    // A key is under a hundred characters; anything longer is some other file.
    private const int FileBytesMax = 4096;

    /// <exception cref="CommandFailedException">There is no key, with words what to do.</exception>
    public static async Task<string> ReadAsync(FileInfo? file, CancellationToken ct)
    {
        if (file is null)
        {
            return Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } key
                ? key.Trim()
                : throw new CommandFailedException(
                    $"there is no API key. Name the file that holds it with --key-file, or set {Variable}; "
                    + "the server wrote its first key to admin.key in its data directory");
        }

        try
        {
            if (file.Length > FileBytesMax)
            {
                throw new CommandFailedException($"{file.FullName} is no key file: it has over {FileBytesMax} bytes");
            }

            return (await File.ReadAllTextAsync(file.FullName, ct)).Trim();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new CommandFailedException($"the API key can't be read: {e.Message}", e);
        }
    }
}
