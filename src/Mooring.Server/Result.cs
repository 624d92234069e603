using System.Diagnostics.CodeAnalysis;

namespace Mooring.Server;

/// <summary>
/// Something that was asked for and will not be done, for a reason that the caller can understand and act on. Returned,
/// not thrown. <see cref="Code"/> is stable; <see cref="Message"/> is a sentence that says what to do.
/// </summary>
internal abstract record MooringError(string Code, string Message);

/// <summary>A value, or the reason why there is none.</summary>
internal readonly struct Result<T>
{
    private readonly T? _value;

    private Result(T? value, MooringError? error)
    {
        _value = value;
        Error = error;
    }

    public MooringError? Error { get; }

    [MemberNotNullWhen(true, nameof(Error))]
    public bool Failed => Error is not null;

    public T Value => Error is null ? _value! : throw new InvalidOperationException($"No value: {Error.Code}.");

    /// <summary>For interfaces, from which C# has no implicit conversion.</summary>
    public static Result<T> Of(T value) => new(value, null);

    public static implicit operator Result<T>(T value) => new(value, null);

    public static implicit operator Result<T>(MooringError error) => new(default, error);
}

/// <summary>What must hold, in Release too: if it doesn't, the bug is ours.</summary>
internal static class Invariant
{
    public static void Holds([DoesNotReturnIf(false)] bool condition, string what)
    {
        if (!condition)
        {
            throw new InvalidOperationException($"Invariant broken: {what}");
        }
    }
}
