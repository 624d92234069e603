namespace Mooring.Server.Http;

/// <summary>The first request with the same key has not answered yet.</summary>
internal sealed record RequestStillRuns(string Key) : MooringError(
    "request_still_runs",
    $"The first request with the Idempotency-Key '{Key}' is still running. "
    + "Send this one again after 'Retry-After' seconds for its answer.");

/// <summary>The request took so long that it was taken for dead, and a repeat of it went ahead.</summary>
internal sealed record IdempotencyKeyLost(string Key) : MooringError(
    "idempotency_key_lost",
    $"This request took so long that its Idempotency-Key '{Key}' was given to a repeat of it. "
    + "Send it again: the answer is that repeat's.");

/// <summary>The user has sent as many requests with keys of their own as are kept at once.</summary>
internal sealed record TooManyIdempotencyKeys(int Most) : MooringError(
    "too_many_idempotency_keys",
    $"Your user has sent {Most} Idempotency-Keys within 24 hours, the most that are kept, and nothing was done. Send "
    + "this request without one, or again after 'Retry-After' seconds, when the oldest is forgotten.");
