using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Mooring.Server.Persistence;

namespace Mooring.Server.Http;

/// <summary>
/// A request that is done once, however often it is sent: it has its <c>Idempotency-Key</c>, and its answer is kept
/// under that. A handler that makes something hands <see cref="Keep{TMade, T}"/> to the unit of work that makes it, so
/// that both are stored or neither. A request without a key keeps nothing, and costs nothing.
/// </summary>
internal sealed partial class Once
{
    private static readonly Once WithoutKey = new();

    private readonly IdempotencyKeys? _keys;
    private readonly IdempotencyKey? _taken;
    private readonly ILogger<Once>? _logger;
    private bool _isKept;

    private Once()
    {
    }

    /// <summary>For a request that has taken its key.</summary>
    public Once(IdempotencyKeys keys, IdempotencyKey taken, ILogger<Once> logger) =>
        (_keys, _taken, _logger) = (keys, taken, logger);

    /// <summary>Whether an answer is kept, or the key was given back.</summary>
    public bool IsFinished { get; private set; }

    public static ValueTask<Once> BindAsync(HttpContext context) =>
        ValueTask.FromResult(context.Features.Get<Once>() ?? WithoutKey);

    /// <summary>For a unit of work that no request's answer is about, or not all of it.</summary>
    public static Keep<TMade> KeepNothing<TMade>() => (_, _, _) => Task.FromResult<MooringError?>(null);

    /// <summary>
    /// Keeps the answer in the unit of work that makes what it tells of. Of what is shown only once it has nothing, as
    /// what it gives is stored.
    /// </summary>
    /// <param name="answerOf">The answer to repeats; made in the unit, and so does nothing else.</param>
    public Keep<TMade> Keep<TMade, T>(Func<TMade, Answer<T>> answerOf)
        where T : class => async (db, made, ct) =>
        {
            if (_taken is null)
            {
                return null;
            }

            var refusal = await StoreAsync(db, answerOf(made), ct);
            _isKept = refusal is null;
            return refusal;
        };

    /// <summary>
    /// To be called before an answer goes out. It keeps one that was not kept yet: of a request that changed nothing,
    /// or did what several transactions did, each of which may be done again. A refusal is not kept: the next try may
    /// find things otherwise.
    /// </summary>
    /// <returns>Why the answer must not go out; otherwise null.</returns>
    public async Task<MooringError?> FinishAsync<T>(Answer<T> answer, Database database, CancellationToken ct)
        where T : class
    {
        MooringError? refusal = null;
        if (_taken is not null && answer.Error is not null)
        {
            // Also where an answer was kept in a unit of work that was undone, and refuses on its second run.
            await GiveUpAsync();
        }
        else if (_taken is not null && !_isKept)
        {
            refusal = await KeepAsync(answer, database, ct);
        }

        IsFinished = true;
        return refusal;
    }

    private async Task<MooringError?> KeepAsync<T>(Answer<T> answer, Database database, CancellationToken ct)
        where T : class
    {
        LogKeptAfterwards(_logger!, typeof(T).Name);
        var kept = await database.TryWriteAsync<bool>(
            async (db, token) => await StoreAsync(db, answer, token) is { } refusal ? refusal : true, ct);
        return kept.Error;
    }

    /// <summary>Gives the key back, unless the answer is stored.</summary>
    public Task GiveUpAsync() => _keys!.GiveBackAsync(_taken!);

    private Task<MooringError?> StoreAsync<T>(MooringDb db, Answer<T> answer, CancellationToken ct)
        where T : class => IdempotencyKeys.StoreAsync(db, _taken!, answer.Status, answer.ToJson(), ct);

    [LoggerMessage(Level = LogLevel.Debug, Message = "An answer of type {Type} is kept after what it tells of")]
    private static partial void LogKeptAfterwards(ILogger logger, string type);
}
