using Microsoft.EntityFrameworkCore;
using Mooring.Contract.Native;
using Mooring.Providers.Disks;
using Mooring.Server.Http;
using Mooring.Server.Offers;
using Mooring.Server.Persistence;

namespace Mooring.Server.ProviderAccounts;

/// <summary>
/// Adds accounts at clouds and changes them: first tried, then stored, then known to this server. Other replicas learn
/// of it when they start.
/// </summary>
internal sealed class AccountChanges(
    Database database,
    AccountOpening opening,
    AccountTrial trial,
    Credentials credentials,
    ProviderRegistry providers,
    OfferCatalog catalog,
    IdGenerator ids,
    TimeProvider time)
{
    private const int CharactersAtMost = 4_096;
    private const int PriorityAtMost = 1_000;

    /// <exception cref="InvalidRequestException">The request breaks a rule of its form.</exception>
    public async Task<Result<ProviderAccount>> AddAsync(
        AddProviderAccountRequest request, Keep<ProviderAccount> keep, CancellationToken ct)
    {
        var settings = Check(request);
        var parts = Open(request.Type!, request.Credential!, settings);
        if (await ObjectionAsync(request.Type!, parts, request.Test, ct) is { } objection)
        {
            return objection;
        }

        if (await TwinAsync(request.Type!, parts, request.Credential!, null, ct) is { } twin)
        {
            return twin;
        }

        var now = time.Now();
        var id = new ProviderAccountId(ids.Cuid());
        var account = new ProviderAccount
        {
            Id = id,
            Type = request.Type!,
            Name = request.Name!,
            Priority = request.Priority ?? 0,
            CreatedAt = now,
            Credential = credentials.Protect(id, request.Credential!),
            CredentialSetAt = now,
            Settings = settings,
        };
        var stored = await database.TryWriteAsync<ProviderAccount>(
            async (db, token) =>
            {
                if (await db.ProviderAccounts.AnyAsync(
                    one => one.Type == account.Type && one.Name == account.Name, token))
                {
                    return new ProviderAccountExists(account.Type, account.Name);
                }

                db.ProviderAccounts.Add(account);
                return account;
            },
            keep,
            ct);
        if (!stored.Failed)
        {
            Know(AccountOpening.ProviderOf(account, parts));
        }

        return stored;
    }

    /// <summary>Asks an account for what only reads.</summary>
    public async Task<Result<AccountTrialOutcome>> TryAsync(string id, CancellationToken ct)
    {
        if (await FindAsync(id, ct) is not { } account)
        {
            return new ProviderAccountNotFound(id);
        }

        return providers.Find(account.Id) is { } provider
            ? await trial.RunAsync(account.Type, provider.Disks, provider.Instances, provider.Billing, ct)
            : new ProviderAccountNotTried("it is not set up on this server, whose log says why.");
    }

    /// <exception cref="InvalidRequestException">The request breaks a rule of its form.</exception>
    public async Task<Result<ProviderAccount>> RotateAsync(
        string id, RotateCredentialRequest request, Keep<ProviderAccount> keep, CancellationToken ct)
    {
        var faults = new Faults();
        CheckCredential(request.Credential, faults);
        faults.Throw();
        if (await FindAsync(id, ct) is not { } account)
        {
            return new ProviderAccountNotFound(id);
        }

        if (account.Credential is null)
        {
            return new ProviderAccountIsSetUpElsewhere(id);
        }

        var parts = Open(account.Type, request.Credential!, account.Settings);
        if (await ObjectionAsync(account.Type, parts, request.Test, ct) is { } objection)
        {
            return objection;
        }

        if (await TwinAsync(account.Type, parts, request.Credential!, account.Id, ct) is { } twin)
        {
            return twin;
        }

        var changed = account with
        {
            Credential = credentials.Protect(account.Id, request.Credential!),
            CredentialSetAt = time.Now(),
        };
        var stored = await database.TryWriteAsync<ProviderAccount>(
            async (db, token) =>
            {
                await db.ProviderAccounts.Where(one => one.Id == account.Id).ExecuteUpdateAsync(
                    set => set.SetProperty(one => one.Credential, changed.Credential)
                        .SetProperty(one => one.CredentialSetAt, changed.CredentialSetAt),
                    token);
                return changed;
            },
            keep,
            ct);
        if (!stored.Failed)
        {
            Know(AccountOpening.ProviderOf(changed, parts));
        }

        return stored;
    }

    public async Task<Result<ProviderAccount>> DisableAsync(
        string id, bool isDisabled, Keep<ProviderAccount> keep, CancellationToken ct)
    {
        if (await FindAsync(id, ct) is not { } account)
        {
            return new ProviderAccountNotFound(id);
        }

        if (isDisabled == account.DisabledAt is not null)
        {
            return account;
        }

        var changed = account with { DisabledAt = isDisabled ? time.Now() : null };
        var stored = await database.TryWriteAsync<ProviderAccount>(
            async (db, token) =>
            {
                await db.ProviderAccounts.Where(one => one.Id == account.Id)
                    .ExecuteUpdateAsync(set => set.SetProperty(one => one.DisabledAt, changed.DisabledAt), token);
                return changed;
            },
            keep,
            ct);
        if (!stored.Failed && providers.Find(account.Id) is { } provider)
        {
            Know(provider with { IsDisabled = isDisabled });
        }

        return stored;
    }

    // One account under two names would offer and charge everything twice.
    private async Task<MooringError?> TwinAsync(
        string type, ProviderParts parts, string credential, ProviderAccountId? besides, CancellationToken ct)
    {
        if (parts.Disks is not IForeignDisks { IdScope: { } scope })
        {
            return null;
        }

        await using var db = await database.ReadAsync(ct);
        var others = await db.ProviderAccounts.AsNoTracking()
            .Where(account => account.Type == type && account.Credential != null && account.Id != besides)
            .ToListAsync(ct);
        return others.Find(account =>
            providers.Find(account.Id)?.Disks is IForeignDisks { IdScope: { } there } && there == scope
            && credentials.Reveal(account) == credential) is { } twin
                ? new ProviderCredentialInUse(twin.Name)
                : null;
    }

    private void Know(Provider provider)
    {
        providers.Put(provider);
        catalog.Republish();
        catalog.TellChanged();
    }

    private async Task<ProviderAccount?> FindAsync(string id, CancellationToken ct)
    {
        var key = new ProviderAccountId(id);
        await using var db = await database.ReadAsync(ct);
        return await db.ProviderAccounts.AsNoTracking().SingleOrDefaultAsync(account => account.Id == key, ct);
    }

    private async Task<MooringError?> ObjectionAsync(
        string type, ProviderParts parts, bool? isTested, CancellationToken ct) =>
        isTested is false
            ? null
            : (await trial.RunAsync(type, parts.Disks, parts.Instances, parts.Billing, ct)).Objection;

    private ProviderParts Open(string type, string credential, IReadOnlyDictionary<string, string> settings)
    {
        try
        {
            return opening.Open(
                opening.KindOf(type) ?? throw new FormatException($"'{type}' is not known here"), credential, settings);
        }
        catch (FormatException exception)
        {
            var member = exception is CredentialFormatException ? "credential" : "settings";
            throw new InvalidRequestException([new Fault(["body", member], exception.Message)]);
        }
    }

    private Dictionary<string, string> Check(AddProviderAccountRequest request)
    {
        var faults = new Faults();
        var kind = request.Type is { } type ? opening.KindOf(type) : null;
        faults.Check(
            kind is not null, "body.type", $"must be one of {string.Join(", ", opening.Types.Order())}");
        faults.Check(request.Name is not null, "body.name", "is required");
        if (request.Name is { } name && TextRules.FaultOfName(name) is { } fault)
        {
            faults.Add("body.name", fault);
        }

        faults.Check(
            request.Priority is null or (>= -PriorityAtMost and <= PriorityAtMost),
            "body.priority",
            $"must be between -{PriorityAtMost} and {PriorityAtMost}");
        CheckCredential(request.Credential, faults);
        Dictionary<string, string> settings = [];
        foreach (var (key, value) in request.Settings ?? new Dictionary<string, string?>())
        {
            if (kind?.Settings.ContainsKey(key) is false)
            {
                faults.Add("body.settings", $"has '{Shortened(key)}', which is none of: {string.Join(
                    ", ", kind.Settings.Keys.Order())}");
            }
            else if (value is not { Length: > 0 and <= CharactersAtMost } || TextRules.HasControls(value))
            {
                faults.Add("body.settings", $"'{Shortened(key)}' must have 1 to {CharactersAtMost} characters of text");
            }
            else
            {
                settings[key] = value;
            }
        }

        faults.Throw();
        return settings;
    }

    private static string Shortened(string key) => key.Length <= 64 ? key : key[..64];

    // It is sent in a header: what is none of ASCII's visible characters is no credential.
    private static void CheckCredential(string? credential, Faults faults) => faults.Check(
        credential is { Length: > 0 and <= CharactersAtMost } && credential.All(c => c is > ' ' and < '\x7f'),
        "body.credential",
        $"must have 1 to {CharactersAtMost} visible characters of ASCII, and no spaces");
}
