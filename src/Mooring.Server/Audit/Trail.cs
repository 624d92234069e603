using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Mooring.Contract.Native;
using Mooring.Server.Accounts;
using Mooring.Server.Http;
using Mooring.Server.Persistence;

namespace Mooring.Server.Audit;

/// <summary>
/// What the audit trail says of one request. A handler that changes something hands <see cref="Note{TMade}"/> to the
/// unit of work that does it (a POST its <see cref="Once"/>, which notes as well), so that the change and its entry are
/// stored together or neither is. What is refused, and what changes no record, is written afterwards: see
/// <see cref="EntryAfterwards"/>.
/// </summary>
internal sealed class Trail(HttpContext context)
{
    private string? _action;
    private string? _target;
    private string? _member;
    private bool _hasId;
    private bool _isNoted;

    /// <summary>Why the request is refused, as it is answered; never text of a body that is not valid.</summary>
    public string? Refusal { get; set; }

    private bool Changes => !HttpMethods.IsGet(context.Request.Method) && !HttpMethods.IsHead(context.Request.Method)
        && !HttpMethods.IsOptions(context.Request.Method) && !HttpMethods.IsTrace(context.Request.Method);

    public static ValueTask<Trail> BindAsync(HttpContext context) => ValueTask.FromResult(Of(context));

    public static Trail Of(HttpContext context) => context.Features.Get<Trail>()
        ?? throw new InvalidOperationException("The request has passed no UseAuditTrail.");

    /// <summary>
    /// To be called once the route is known: whoever answers a fault later finds it taken off the request.
    /// </summary>
    public void TakeRoute()
    {
        _action = context.GetEndpoint()?.Metadata.GetMetadata<IEndpointNameMetadata>()?.EndpointName;
        // A login request's code is no id: who has it may approve it.
        _target = Value("id") ?? Value("prefix") ?? Value("teamId");
        _member = Value("userId");
        _hasId = _target is not null || Value("code") is not null;

        string? Value(string name) => context.GetRouteValue(name) as string;
    }

    /// <summary>Notes a change in the unit of work that makes it, which its answer, 200, follows.</summary>
    /// <param name="wordsOf">
    /// What the change is, beyond the route's name and the target: see <see cref="ChangeWords"/>. Null where those say
    /// everything.
    /// </param>
    public Keep<TMade> Note<TMade>(Func<TMade, string?>? wordsOf = null) => async (db, made, ct) =>
    {
        await NoteAsync(db, StatusCodes.Status200OK, null, wordsOf?.Invoke(made), ct);
        return null;
    };

    /// <summary>Notes a change in the unit of work that makes it.</summary>
    /// <param name="db">The unit of work.</param>
    /// <param name="status">The status that the change is answered with.</param>
    /// <param name="answer">What it is answered with: what was made has its id there.</param>
    /// <param name="words">What the change is; null where the rest of the entry says it.</param>
    /// <param name="ct">Cancellation.</param>
    public Task NoteAsync(MooringDb db, int status, object? answer, string? words, CancellationToken ct)
    {
        _isNoted = true;
        var entry = Entry(
            status, _member is null ? words : words is null ? $"user {_member}" : $"user {_member}: {words}");
        return db.InsertAsync(
            _target is null ? entry with { Target = Shown(IdIn(answer)) } : entry, ct);
    }

    /// <summary>
    /// What is left to write once the request is answered: its refusal, if it wanted to change something, was not let
    /// in, or asked for an id that it does not see; or that it was done, where that changed no record. Null if there is
    /// nothing.
    /// </summary>
    public AuditEntry? EntryAfterwards()
    {
        var status = context.Response.StatusCode;
        return status switch
        {
            StatusCodes.Status499ClientClosedRequest => null,
            401 or 403 => Entry(status, WordsOfRefusal(status)),
            // Whoever looks for what is not theirs finds nothing, again and again.
            StatusCodes.Status404NotFound when _hasId => Entry(status, WordsOfRefusal(status)),
            >= 400 and < 500 when Changes => Entry(status, WordsOfRefusal(status)),
            >= 200 and < 300 when Changes && !_isNoted => Entry(
                status,
                context.Response.Headers.ContainsKey(Idempotency.Replayed)
                    ? "It was done before, and answered so; nothing was done again."
                    : null),
            _ => null,
        };
    }

    private string? WordsOfRefusal(int status) =>
        // What a path says that leads nowhere is anybody's choice.
        _action is null && status is StatusCodes.Status404NotFound or StatusCodes.Status405MethodNotAllowed
            ? "There is no such route."
        : status == StatusCodes.Status401Unauthorized && KeyAuthentication.SecretIn(context.Request) is { } secret
            && ApiKey.PrefixOf(secret) is { } prefix
            ? $"The key that came has the prefix {prefix}, and does not hold."
        : Refusal;

    private AuditEntry Entry(int status, string? words)
    {
        var caller = context.Features.Get<Caller>();
        var address = context.Connection.RemoteIpAddress;
        return new AuditEntry
        {
            At = context.RequestServices.GetRequiredService<TimeProvider>().Now(),
            KeyPrefix = caller?.KeyPrefix,
            UserId = caller?.UserId,
            AccountId = caller?.AccountId,
            Address = address?.Plain().ToString(),
            RequestId = Printable.Of(context.TraceIdentifier, 64),
            Action = _action,
            Target = Shown(_target),
            Status = status,
            Words = words is null ? null : Printable.Of(words, AuditEntry.WordsCharactersMost),
        };
    }

    private static string? Shown(string? id) =>
        id is null ? null : Printable.Of(id, AuditEntry.TargetCharactersMost);

    private static string? IdIn(object? answer) => answer switch
    {
        Contract.V1.Disk disk => disk.Id,
        Contract.V1.Pod pod => pod.Id,
        Contract.V1.SshKey key => key.Id,
        CreatedKey key => key.Prefix,
        UserAccount user => user.Id,
        Contract.Native.Team team => team.Id,
        ProviderAccount account => account.Id,
        Intervention intervention => intervention.Id,
        ApprovedLogin login => login.KeyPrefix,
        LoginRequest login => login.Id,
        _ => null,
    };
}
