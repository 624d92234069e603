using System.Diagnostics;
using Microsoft.Win32.SafeHandles;
using Mooring.Providers;

namespace Mooring.Agent.Mounts;

/// <summary>
/// A user namespace made only to be named in a system call: an idmapped mount takes its mapping from one. It needs a
/// process to be born, which lives just long enough for us to open <c>/proc/PID/ns/user</c>.
/// </summary>
internal static class UserNamespace
{
    /// <summary>How many ids it has: 0 to 65,535 inside.</summary>
    public const int Size = 65_536;

    /// <summary>A namespace whose id 0 is <paramref name="first"/> outside.</summary>
    /// <exception cref="RefusedException">The host makes no user namespaces.</exception>
    public static async Task<SafeFileHandle> OpenAsync(uint first, CancellationToken ct)
    {
        var start = new ProcessStartInfo("unshare")
        {
            ArgumentList = { "--user", "--", "cat" },
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using var holder = Process.Start(start)
            ?? throw new RefusedException("The host can't run 'unshare'.");
        try
        {
            // cat answers only once unshare has made the namespace and become cat.
            await holder.StandardInput.WriteLineAsync("born".AsMemory(), ct);
            await holder.StandardInput.FlushAsync(ct);
            if (await holder.StandardOutput.ReadLineAsync(ct) is null)
            {
                var words = (await holder.StandardError.ReadToEndAsync(ct)).Trim();
                throw new RefusedException($"The host makes no user namespaces: {words}");
            }

            var mapping = FormattableString.Invariant($"0 {first} {Size}\n");
            await File.WriteAllTextAsync($"/proc/{holder.Id}/uid_map", mapping, ct);
            await File.WriteAllTextAsync($"/proc/{holder.Id}/gid_map", mapping, ct);
            return File.OpenHandle($"/proc/{holder.Id}/ns/user");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new RefusedException($"The host maps no user ids from {first} on: {e.Message}", e);
        }
        finally
        {
            holder.StandardInput.Close();
            await holder.WaitForExitAsync(CancellationToken.None);
        }
    }
}
