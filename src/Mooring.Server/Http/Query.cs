using System.Globalization;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;
using Mooring.Server.Accounts;

namespace Mooring.Server.Http;

/// <summary>Reads query parameters and collects what is wrong with them, for one 422 with words.</summary>
internal sealed class Query(HttpContext context)
{
    /// <summary>The two values of a <see cref="Flag"/>.</summary>
    public static readonly IReadOnlyList<string> Flags = ["true", "false"];

    private readonly Faults _faults = new();

    /// <summary>A whole number within bounds, or the default where it is absent.</summary>
    public int Number(string name, int fallback, int least, int most)
    {
        CheckDeclared(name);
        if (!context.Request.Query.TryGetValue(name, out var values) || values is [null or ""])
        {
            return fallback;
        }

        if (values is [{ } text]
            && int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var value)
            && value >= least && value <= most)
        {
            return value;
        }

        _faults.Add($"query.{name}", most == int.MaxValue
            ? $"must be a whole number from {least}"
            : $"must be a whole number from {least} to {most}");
        return fallback;
    }

    /// <summary>A whole number of 0 or more that may be larger than 32 bits, or 0 where it is absent.</summary>
    public long LargeNumber(string name)
    {
        CheckDeclared(name);
        if (!context.Request.Query.TryGetValue(name, out var values) || values is [null or ""])
        {
            return 0;
        }

        if (values is [{ } text] && long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var value))
        {
            return value;
        }

        _faults.Add($"query.{name}", "must be a whole number from 0");
        return 0;
    }

    /// <summary>A whole number within bounds, or null where it is absent.</summary>
    public int? NumberOrNull(string name, int least, int most) =>
        ValuesOf(name) is [] or [null or ""] ? null : Number(name, least, least, most);

    /// <summary>Text, or null where it is absent.</summary>
    public string? Text(string name)
    {
        var values = ValuesOf(name);
        _faults.Check(values.Count <= 1, $"query.{name}", "must be given once");
        return values is [{ Length: > 0 } text] ? text : null;
    }

    /// <summary>One of some values, or null where it is absent.</summary>
    public string? OneOf(string name, IReadOnlyList<string> known)
    {
        var text = Text(name);
        _faults.Check(
            text is null || known.Contains(text), $"query.{name}", $"must be one of {string.Join(", ", known)}");
        return text;
    }

    /// <summary><c>true</c> or <c>false</c>, or null where it is absent.</summary>
    public bool? Flag(string name) => OneOf(name, Flags) is { } text ? text == "true" : null;

    /// <summary>
    /// Whether <c>all</c> asks for everybody's things; refused where the caller may not have them.
    /// </summary>
    public Result<bool> ForAll(Caller caller) =>
        Flag("all") is not true ? false
        : caller.ReadsAll ? true
        : new PermissionMissing(Section.Admin.ToWords(), Access.Read.ToWords());

    /// <summary>Every value of a repeated parameter.</summary>
    public IReadOnlyList<string> Many(string name, int most)
    {
        List<string> values = [.. ValuesOf(name).OfType<string>().Where(value => value.Length > 0)];
        _faults.Check(values.Count <= most, $"query.{name}", $"must be given {most} times at the most");
        return values;
    }

    /// <summary>Every value of a repeated parameter, each one of some values.</summary>
    public IReadOnlyList<string> ManyOf(string name, IReadOnlyList<string> known)
    {
        var values = Many(name, 100);
        _faults.Check(values.All(known.Contains), $"query.{name}", $"must be one of {string.Join(", ", known)}");
        return values;
    }

    /// <summary>A day as <c>YYYY-MM-DD</c>, or null where it is absent.</summary>
    public DateOnly? Day(string name)
    {
        if (Text(name) is not { } text)
        {
            return null;
        }

        var isDay = DateOnly.TryParseExact(
            text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day);
        _faults.Check(isDay, $"query.{name}", "must be a day, as YYYY-MM-DD");
        return isDay ? day : null;
    }

    /// <summary>
    /// The days from <c>from</c> to <c>to</c>: by default those of the last one's month, and that one today.
    /// </summary>
    /// <param name="today">UTC.</param>
    /// <param name="most">How many days at the most, and how many after today the last one may be.</param>
    public (DateOnly From, DateOnly To) Days(DateOnly today, int most)
    {
        var to = Day("to") ?? today;
        Check(to <= today.AddDays(most), "to", $"must be {most} days from now at the most");
        var from = Day("from") ?? new DateOnly(to.Year, to.Month, 1);
        var first = DateOnly.FromDayNumber(Math.Max(to.DayNumber - most + 1, DateOnly.MinValue.DayNumber));
        Check(
            first <= from && from <= to,
            "from",
            string.Create(
                CultureInfo.InvariantCulture, $"must be a day from {first:O} to {to:O}, the last that is asked for"));
        return (from, to);
    }

    /// <summary>Notes a fault of a parameter unless something holds.</summary>
    public void Check(bool holds, string name, string must) => _faults.Check(holds, $"query.{name}", must);

    /// <exception cref="InvalidRequestException">Something was wrong.</exception>
    public void Throw() => _faults.Throw();

    private StringValues ValuesOf(string name)
    {
        CheckDeclared(name);
        var values = context.Request.Query[name];
        if (values.Any(value => value?.Contains('\0', StringComparison.Ordinal) is true))
        {
            // As in bodies: nothing that a query could mean has one, and not every database takes one.
            _faults.Add($"query.{name}", "must be text without NUL");
            return StringValues.Empty;
        }

        return values;
    }

    private void CheckDeclared(string name)
    {
        var declared = context.GetEndpoint()?.Metadata.GetOrderedMetadata<QueryParameter>();
        if (declared is not null && !declared.Any(parameter => parameter.Name == name))
        {
            throw new InvalidOperationException(
                $"{context.Request.Path} reads the query parameter '{name}', which its endpoint does not declare.");
        }
    }
}

/// <summary>Which part of a list is wanted.</summary>
internal readonly record struct Slice(int Offset, int Limit)
{
    /// <summary>Reads <c>offset</c> and <c>limit</c>.</summary>
    /// <exception cref="InvalidRequestException">One is out of bounds: cutting it would hide rows without a
    /// word.</exception>
    public static Slice From(HttpContext context, int limitByDefault, int limitAtMost)
    {
        var query = new Query(context);
        var slice = new Slice(
            query.Number("offset", 0, 0, int.MaxValue), query.Number("limit", limitByDefault, 1, limitAtMost));
        query.Throw();
        return slice;
    }
}
