namespace Mooring.Server.Live;

internal sealed record TooManyStreams(int OfKey, int OfUser)
    : MooringError(
        "too_many_streams",
        $"A key may have {OfKey} streams of events open, and all keys of a user {OfUser}. Close one first, or follow "
        + "/api/mooring/v1/events/stream, which has all that the key sees.");

internal sealed record StreamsTaken(int Most)
    : MooringError(
        "streams_taken",
        $"This server has {Most} streams of events open, the most it may have. Try again later, or read the pages of "
        + "/events now and then.");
