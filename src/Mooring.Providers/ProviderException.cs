namespace Mooring.Providers;

/// <summary>
/// A provider's failure, already understood: each native failure becomes exactly one subtype (architecture, section 5).
/// <see cref="Exception.Message"/> is the provider's own words, fit to be shown to the user; secrets never stand in it.
/// </summary>
public abstract class ProviderException : Exception
{
    /// <summary>A failure with the provider's words.</summary>
    protected ProviderException(string words, Exception? inner = null) : base(words, inner) { }
}

/// <summary>Permanent: the provider will not do this, however often it is asked.</summary>
public sealed class RefusedException(string words, Exception? inner = null) : ProviderException(words, inner);

/// <summary>There is no room or no stock for it now.</summary>
public sealed class OutOfStockException(string words, Exception? inner = null) : ProviderException(words, inner);

/// <summary>Our credentials don't allow it.</summary>
public sealed class UnauthorizedException(string words, Exception? inner = null) : ProviderException(words, inner);

/// <summary>Too many calls. Nothing happened.</summary>
public sealed class ThrottledException(string words, TimeSpan? retryAfter = null, Exception? inner = null)
    : ProviderException(words, inner)
{
    /// <summary>How long the provider asks us to wait; null if it did not say.</summary>
    public TimeSpan? RetryAfter { get; } = retryAfter;
}

/// <summary>The provider could not be read or reached. The call certainly changed nothing.</summary>
public sealed class UnreachableException(string words, Exception? inner = null) : ProviderException(words, inner);

/// <summary>The outcome is not known: the call may have happened, or may happen yet.</summary>
public sealed class UnknownOutcomeException(string words, Exception? inner = null) : ProviderException(words, inner);
