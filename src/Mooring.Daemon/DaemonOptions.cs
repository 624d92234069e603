using System.Net;

namespace Mooring.Daemon;

/// <summary>What mooringd was told on its command line.</summary>
internal sealed record DaemonOptions
{
    public required IPEndPoint Listen { get; init; }
    public required string DataDirectory { get; init; }
    public Uri? Engine { get; init; }
    public bool AcceptWeakerIsolation { get; init; }
    public bool InsecureHttp { get; init; }
    public string? TlsCertificate { get; init; }
    public string? TlsKey { get; init; }
    public bool Drain { get; init; }

    /// <summary>Scripts of simulated provider accounts, a file each.</summary>
    public IReadOnlyList<string> Simulate { get; init; } = [];

    public bool IsTls => TlsCertificate is not null;

    public static string DefaultDataDirectory => Environment.IsPrivilegedProcess
        ? "/var/lib/mooring"
        : Path.Combine(Environment.GetFolderPath(
                Environment.SpecialFolder.LocalApplicationData, Environment.SpecialFolderOption.DoNotVerify),
            "mooring");

    /// <exception cref="UsageException">Two options don't go together.</exception>
    public void Check()
    {
        if (TlsCertificate is null != TlsKey is null)
        {
            throw new UsageException("--tls-cert and --tls-key go together.");
        }

        if (!IsTls && !InsecureHttp && !IPAddress.IsLoopback(Listen.Address))
        {
            throw new UsageException(
                $"{Listen} can be reached by others, and API keys would cross the network in the clear. "
                + "Give --tls-cert and --tls-key, or listen on 127.0.0.1 behind a proxy that does TLS, "
                + "or add --insecure-http.");
        }
    }
}
