using System.Collections.Concurrent;

namespace Mooring.Providers.Hyperstack;

/// <summary>
/// What must be there before anything else: Mooring's environment in a region, which everything there lives in, and
/// this installation's key pair in it. Both are made when they are first needed, and stay.
/// </summary>
internal sealed class Environments(HyperstackClient client, HyperstackOptions options, string installation)
{
    private readonly ConcurrentDictionary<string, bool> _environments = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, bool> _keyPairs = new(StringComparer.Ordinal);

    /// <summary>The name of this installation's key pair in every environment.</summary>
    public string KeyPair { get; } = $"mooring-{installation}";

    /// <summary>
    /// Whether the region's environment was there; if not, it has been made, and that was this call's change.
    /// </summary>
    public async Task<bool> EnsureEnvironmentAsync(string region, CancellationToken ct)
    {
        if (_environments.ContainsKey(region))
        {
            return true;
        }

        var name = Regions.EnvironmentOf(region);
        if (await FindAsync(name, ct) is { } found)
        {
            Check(found, region);
            _environments[region] = true;
            return true;
        }

        var made = await client.ChangeAsync(
            HttpMethod.Post,
            "core/environments",
            HyperstackClient.Json(new NewEnvironment(name, region), WireJson.Default.NewEnvironment),
            WireJson.Default.Envelope,
            ct);
        if (made.Verdict == Verdict.Missing)
        {
            throw new RefusedException(made.Words);
        }

        // Taken: another process was first. Whether it is as it should be, the next look tells.
        return false;
    }

    /// <summary>
    /// Whether the region's key pair was there; if not, it has been made, and that was this call's change.
    /// </summary>
    public async Task<bool> EnsureKeyPairAsync(string region, CancellationToken ct)
    {
        if (_keyPairs.ContainsKey(region))
        {
            return true;
        }

        // There is no documented way to look for one; a second one of the name is refused, which says as much.
        var made = await client.ChangeAsync(
            HttpMethod.Post,
            "core/keypairs",
            HyperstackClient.Json(
                new NewKeyPair(KeyPair, Regions.EnvironmentOf(region), options.PublicKey ?? ThrownAwayKey.Value),
                WireJson.Default.NewKeyPair),
            WireJson.Default.Envelope,
            ct);
        if (made.Verdict == Verdict.Missing)
        {
            throw Gone(region, made.Words);
        }

        _keyPairs[region] = true;
        return made.Verdict == Verdict.Taken;
    }

    /// <summary>
    /// What a create that is answered with 404 means: the environment went, and comes back with the next call, or what
    /// was asked for is not there.
    /// </summary>
    public async Task<ProviderException> MissingAsync(string region, string words, CancellationToken ct)
    {
        var gone = Gone(region, words);
        return await FindAsync(Regions.EnvironmentOf(region), ct) is null ? gone : new RefusedException(words);
    }

    private UnreachableException Gone(string region, string words)
    {
        _environments.TryRemove(region, out _);
        _keyPairs.TryRemove(region, out _);
        return new UnreachableException($"Mooring's environment in {region} is gone, and is made again: {words}");
    }

    private async Task<WireEnvironment?> FindAsync(string name, CancellationToken ct)
    {
        var listing = new Listing<WireEnvironment>(
            async page => await client.ReadAsync(
                FormattableString.Invariant(
                    $"core/environments?search={name}&page={page}&pageSize={options.PageSize}"),
                WireJson.Default.EnvironmentPage,
                ct),
            environment => environment.Id,
            options.PageSize);
        return (await listing.ReadOnceAsync()).FirstOrDefault(environment => environment.Name == name);
    }

    private static void Check(WireEnvironment found, string region)
    {
        if (!string.Equals(found.Region, region, StringComparison.OrdinalIgnoreCase))
        {
            throw new RefusedException(
                $"Hyperstack's environment {found.Name} is in {found.Region}, not in {region}: rename or remove it.");
        }
    }
}
