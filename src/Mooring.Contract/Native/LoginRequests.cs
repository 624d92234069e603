namespace Mooring.Contract.Native;

/// <summary>Answer of GET <c>/api/mooring/v1/login-requests</c>.</summary>
/// <param name="Data">Those that have not ended, newest first. Never null.</param>
public sealed record LoginRequestList(IReadOnlyList<LoginRequest> Data);

/// <summary>
/// Somebody ran <c>prime login</c> and waits for a key. The code is not here: whoever asks for the key reads it to
/// whoever approves, who knows by that which of them it is.
/// </summary>
public sealed record LoginRequest
{
    /// <summary>12 hexadecimal digits; to deny it by, not to approve it.</summary>
    public required string Id { get; init; }

    /// <summary>WAITING, APPROVED or DENIED.</summary>
    public required string Status { get; init; }

    /// <summary>The network address that it came from; a proxy's where there is one.</summary>
    public required string Address { get; init; }

    /// <summary>What the client calls itself, as far as it can be shown; null if it did not say.</summary>
    public required string? UserAgent { get; init; }

    /// <summary>When it came, UTC.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>When it ends, UTC: it can't be approved any more, nor its key collected.</summary>
    public required DateTimeOffset ExpiresAt { get; init; }
}

/// <summary>Body of POST <c>/api/mooring/v1/login-requests/{code}/approve</c>: the key that is made.</summary>
public sealed record ApproveLoginRequest
{
    /// <summary>1 to 255 characters; made of the address when null or absent.</summary>
    public string? Name { get; init; }

    /// <summary>
    /// <c>SECTION:read</c> or <c>SECTION:write</c> each, none that the key which approves lacks. All of that key's but
    /// admin when null or absent. Write implies read.
    /// </summary>
    public IReadOnlyList<string?>? Permissions { get; init; }

    /// <summary>
    /// From when on the key shall be refused; in the future, and no later than the end of the key that approves. As
    /// long as that one when null or absent.
    /// </summary>
    public DateTimeOffset? ExpiresAt { get; init; }
}

/// <summary>Answer of POST <c>/api/mooring/v1/login-requests/{code}/approve</c>.</summary>
public sealed record ApprovedLogin
{
    /// <summary>The login request's id.</summary>
    public required string Id { get; init; }

    /// <summary>The network address that it came from.</summary>
    public required string Address { get; init; }

    /// <summary>The prefix of the key that was made; its text is nowhere but sealed, for whoever asked.</summary>
    public required string KeyPrefix { get; init; }

    /// <summary>What the key may do.</summary>
    public required IReadOnlyList<string> Permissions { get; init; }

    /// <summary>From when on the key is refused, UTC; null means never.</summary>
    public required DateTimeOffset? KeyExpiresAt { get; init; }

    /// <summary>By when it has to be collected, UTC; it is revoked if nobody does.</summary>
    public required DateTimeOffset CollectBefore { get; init; }
}
