namespace Mooring.Providers;

/// <summary>How much of an offer there is. The contract's <c>StockStatus</c>.</summary>
public enum Stock
{
    /// <summary>There is some; how much is not known.</summary>
    Available,

    /// <summary>The last of it.</summary>
    Low,

    /// <summary>Some.</summary>
    Medium,

    /// <summary>Plenty.</summary>
    High,

    /// <summary>None now.</summary>
    Unavailable,
}

/// <summary>Who runs the place. The contract's <c>SecurityType</c>.</summary>
public enum Security
{
    /// <summary>A professional data center.</summary>
    SecureCloud,

    /// <summary>Machines of private people.</summary>
    CommunityCloud,
}

/// <summary>Where a thing can be had.</summary>
/// <param name="DataCenter">The provider's name of the data center; null where it has none.</param>
/// <param name="Country">ISO 3166-1 alpha-2 code; null where it is not known.</param>
/// <param name="Region">One of the contract's regions (section 12), for example <c>united_states</c>; or null.</param>
public sealed record Place(string? DataCenter, string? Country, string? Region);
