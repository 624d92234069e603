using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Mooring.Server.Audit;
using Mooring.Server.Persistence;

namespace Mooring.Server.Http;

/// <summary>
/// A request that is done once, however often it is sent: it has its <c>Idempotency-Key</c>, and its answer is kept
/// under that. A handler that makes something hands <see cref="Keep{TMade, T}"/> to the unit of work that makes it, so
/// that both are stored or neither, and its entry in the audit trail with them. A request without a key keeps no
/// answer, but has its entry.
/// </summary>
internal sealed partial class Once
{
    private readonly IdempotencyKeys? _keys;
    private readonly IdempotencyKey? _taken;
    private readonly Trail _trail;
    private readonly ILogger<Once>? _logger;
    private bool _isKept;

    private Once(Trail trail) => _trail = trail;

    /// <summary>For a request that has taken its key.</summary>
    public Once(IdempotencyKeys keys, IdempotencyKey taken, Trail trail, ILogger<Once> logger) =>
        (_keys, _taken, _trail, _logger) = (keys, taken, trail, logger);

    /// <summary>Whether an answer is kept, or the key was given back.</summary>
    public bool IsFinished { get; private set; }

    public static ValueTask<Once> BindAsync(HttpContext context) =>
        ValueTask.FromResult(context.Features.Get<Once>() ?? new Once(Trail.Of(context)));

    /// <summary>
    /// Keeps the answer in the unit of work that makes what it tells of, and notes that in the audit trail. Of what is
    /// shown only once it has nothing, as what it gives is stored.
    /// </summary>
    /// <param name="answerOf">The answer to repeats; made in the unit, and so does nothing else.</param>
    /// <param name="wordsOf">As <see cref="Trail.Note{TMade}"/> takes it.</param>
    public Keep<TMade> Keep<TMade, T>(Func<TMade, Answer<T>> answerOf, Func<TMade, string?>? wordsOf = null)
        where T : class => async (db, made, ct) =>
        {
            var answer = answerOf(made);
            if (_taken is not null)
            {
                if (await StoreAsync(db, answer, ct) is { } refusal)
                {
                    return refusal;
                }

                _isKept = true;
            }

            await _trail.NoteAsync(db, answer.Status, answer.Value, wordsOf?.Invoke(made), ct);
            return null;
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
