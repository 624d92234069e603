using Microsoft.EntityFrameworkCore;
using Mooring.Providers;
using Mooring.Server.Hosts;
using Mooring.Server.Http;
using Mooring.Server.Offers;
using Mooring.Server.Persistence;
using Mooring.Server.Pods;

namespace Mooring.Server.Inventory;

/// <summary>
/// Ends instances under this installation's names that no record is about, by an operator's word: one becomes a pod
/// that is being deleted, with the id in its name, and the reconciler does the rest, a crash included.
/// </summary>
internal sealed class OrphanInstances(
    Database database, Findings findings, ProviderRegistry providers, MooringOptions options, TimeProvider time)
{
    public bool Has(string account, string name) => Find(account, name) is not null;

    /// <summary>Has an orphan ended at its provider; nobody is billed for it here.</summary>
    public async Task<Result<Pod>> DeleteAsync(
        string account, string name, Caller caller, Keep<Pod> keep, CancellationToken ct) =>
        Find(account, name) is not { } orphan || providers.Find(orphan.Provider) is not { } provider
            ? new OrphanNotFound(account, name)
            : await database.TryWriteAsync<Pod>(
                async (db, token) => await db.Pods.AnyAsync(pod => pod.RemoteName == name, token)
                    // Somebody else was a moment earlier.
                    ? new OrphanNotFound(account, name)
                    : (await db.WriteAsync(
                        Pod.AdoptToDelete(DraftOf(orphan, provider, caller), options.PodLimits),
                        options.DiskLimits,
                        null,
                        token)).Pod!,
                keep,
                ct);

    private Finding? Find(string account, string name) =>
        findings.Find(new ProviderAccountId(account), name) is { Kind: FindingKind.OrphanInstance } orphan
            ? orphan
            : null;

    // A list tells no more of it than that it is there.
    private Pod DraftOf(Finding orphan, Provider provider, Caller caller)
    {
        var now = time.Now();
        var id = orphan.Name[^32..];
        return new Pod
        {
            Id = new PodId(id),
            Name = $"orphan-{id[^8..]}",
            Status = PodStatus.Deleting,
            AccountId = caller.AccountId,
            CreatorId = caller.UserId,
            WalletId = caller.WalletId,
            ProviderAccountId = orphan.Provider,
            ProviderType = provider.Type,
            CloudId = "",
            Security = Security.SecureCloud,
            RemoteName = orphan.Name,
            RemoteId = orphan.RemoteId,
            HostId = null,
            GpuType = GpuTypes.None,
            GpuCount = 0,
            Socket = "",
            Vcpus = 0,
            MemoryGiB = 0,
            BootDiskGiB = 0,
            Image = "",
            ImageReference = "",
            AutoRestart = false,
            Environment = new Dictionary<string, string>(),
            AuthorizedKeys = [],
            PriceHr = Money.Zero,
            IsAtProvider = true,
            CreatedAt = now,
            UpdatedAt = now,
            StatusSince = now,
        };
    }
}
