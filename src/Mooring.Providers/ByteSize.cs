namespace Mooring.Providers;

/// <summary>A number of bytes. One GB, in Mooring's words, is 2^30 bytes (architecture, section 1).</summary>
/// <param name="Bytes">Bytes, zero or more.</param>
public readonly record struct ByteSize(long Bytes) : IComparable<ByteSize>
{
    private const long BytesPerGiB = 1L << 30;

    /// <summary>Nothing.</summary>
    public static readonly ByteSize Zero;

    /// <summary>Whole GB (2^30 bytes) contained in this size, rounded down.</summary>
    public long WholeGiB => Bytes / BytesPerGiB;

    /// <summary>The size of <paramref name="gib"/> GB (2^30 bytes each).</summary>
    /// <exception cref="OverflowException">The size does not fit in 63 bits.</exception>
    public static ByteSize FromGiB(long gib) => new(checked(gib * BytesPerGiB));

    /// <summary>Sum of two sizes.</summary>
    public static ByteSize operator +(ByteSize left, ByteSize right) => new(checked(left.Bytes + right.Bytes));

    /// <summary>Difference of two sizes; may be negative.</summary>
    public static ByteSize operator -(ByteSize left, ByteSize right) => new(checked(left.Bytes - right.Bytes));

    /// <summary>Whether <paramref name="left"/> is smaller.</summary>
    public static bool operator <(ByteSize left, ByteSize right) => left.Bytes < right.Bytes;

    /// <summary>Whether <paramref name="left"/> is larger.</summary>
    public static bool operator >(ByteSize left, ByteSize right) => left.Bytes > right.Bytes;

    /// <summary>Whether <paramref name="left"/> is at most as large.</summary>
    public static bool operator <=(ByteSize left, ByteSize right) => left.Bytes <= right.Bytes;

    /// <summary>Whether <paramref name="left"/> is at least as large.</summary>
    public static bool operator >=(ByteSize left, ByteSize right) => left.Bytes >= right.Bytes;

    /// <inheritdoc cref="operator +"/>
    public static ByteSize Add(ByteSize left, ByteSize right) => left + right;

    /// <inheritdoc cref="operator -"/>
    public static ByteSize Subtract(ByteSize left, ByteSize right) => left - right;

    /// <inheritdoc/>
    public int CompareTo(ByteSize other) => Bytes.CompareTo(other.Bytes);

    /// <summary>The size in the largest unit that keeps it readable, for example <c>1.5 GiB</c>.</summary>
    public override string ToString() => Bytes switch
    {
        >= BytesPerGiB => FormattableString.Invariant($"{(double)Bytes / BytesPerGiB:0.##} GiB"),
        >= 1 << 20 => FormattableString.Invariant($"{(double)Bytes / (1 << 20):0.##} MiB"),
        _ => FormattableString.Invariant($"{Bytes} B"),
    };
}
