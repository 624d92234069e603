using System.Buffers;
using System.Text;
using Mooring.Contract.V1;

namespace Mooring.Server.Http;

/// <summary>One fault in a request: where, and what it must be.</summary>
internal sealed record Fault(IReadOnlyList<string> Where, string Must);

/// <summary>
/// A request that can't be understood or breaks a rule of its form. Thrown while a request is bound, where there is
/// nobody to return to; answered as a 422 that both kinds of client can read (contract, section 2).
/// </summary>
internal sealed class InvalidRequestException(IReadOnlyList<Fault> faults) : Exception("The request is not valid.")
{
    public IReadOnlyList<Fault> Faults => faults;

    public ValidationErrorBody Body => new(
        [.. Faults.Select(fault => new ValidationDetail(fault.Where, fault.Must, "value_error"))],
        [.. Faults.Select(fault => new ParamError(
            string.Join('.', fault.Where.Count > 1 ? fault.Where.Skip(1) : fault.Where), fault.Must))]);
}

/// <summary>Collects faults, so that a client learns of all of them at once.</summary>
internal sealed class Faults
{
    private readonly List<Fault> _faults = [];

    public bool Any => _faults.Count > 0;

    /// <summary>
    /// Notes a fault at a dotted place, for example <c>body.disk.size</c>; of very many, the first ones.
    /// </summary>
    public void Add(string where, string must)
    {
        if (_faults.Count < RequestLimits.FaultsAtMost)
        {
            _faults.Add(new Fault(where.Split('.'), must));
        }
    }

    public void Check(bool holds, string where, string must)
    {
        if (!holds)
        {
            Add(where, must);
        }
    }

    /// <exception cref="InvalidRequestException">There are any.</exception>
    public void Throw()
    {
        if (Any)
        {
            throw new InvalidRequestException(_faults);
        }
    }
}

/// <summary>Rules for text that users choose.</summary>
internal static class TextRules
{
    /// <summary>What is wrong with a resource's name; null if nothing is.</summary>
    public static string? FaultOfName(string name) =>
        name.Length is < 1 or > 255 ? "must have 1 to 255 characters"
        : string.IsNullOrWhiteSpace(name) ? "must not be blank"
        : HasOnlyText(name) ? null
        : "must be text without control characters";

    /// <summary>Whether it has what no text has: control characters, halves of characters.</summary>
    public static bool HasControls(string text) => !HasOnlyText(text);

    // Half of a surrogate pair is no character at all, and no database takes it.
    private static bool HasOnlyText(ReadOnlySpan<char> text)
    {
        while (!text.IsEmpty)
        {
            if (Rune.DecodeFromUtf16(text, out var rune, out var length) != OperationStatus.Done
                || Rune.IsControl(rune))
            {
                return false;
            }

            text = text[length..];
        }

        return true;
    }
}
