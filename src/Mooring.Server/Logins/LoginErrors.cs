namespace Mooring.Server.Logins;

internal sealed record LoginRequestNotFound()
    : MooringError(
        "login_request_not_found",
        "There is no such login request. It lasts 10 minutes: run 'prime login' again, and approve the code that it "
        + "shows.");

internal sealed record LoginRequestSettled(string Id, string Status)
    : MooringError(
        "login_request_settled",
        $"Login request {Id} is {Status} already. Run 'prime login' again for another one.");

internal sealed record TooManyLoginRequests(int Most, string Of)
    : MooringError(
        "too_many_login_requests",
        $"There are {Most} login requests of {Of} that have not ended, the most there may be. Try again in 10 minutes, "
        + "or have an operator make a key: mooring keys create.");
