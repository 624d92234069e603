using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.EntityFrameworkCore.ChangeTracking;
using Microsoft.EntityFrameworkCore.Storage.ValueConversion;
using Mooring.Providers;
using Mooring.Server.Disks;
using Mooring.Server.Pods;

namespace Mooring.Server.Persistence;

/// <summary>Ids as the text they are.</summary>
internal sealed class TextIdConverter<TId>() : ValueConverter<TId, string>(id => id.Value, text => Make(text))
    where TId : struct, ITextId<TId>
{
    private static TId Make(string text) => TId.From(text);
}

/// <summary>
/// Points in time as whole microseconds since 1970, UTC: the same order and precision in both databases.
/// </summary>
internal sealed class MicrosecondsConverter()
    : ValueConverter<DateTimeOffset, long>(at => Clock.ToMicroseconds(at), value => Clock.FromMicroseconds(value));

/// <summary>Days as <c>YYYY-MM-DD</c>: the same order in both databases, and to be read by people.</summary>
internal sealed class DayConverter() : ValueConverter<DateOnly, string>(
    day => day.ToString("O", CultureInfo.InvariantCulture),
    text => DateOnly.ParseExact(text, "O", CultureInfo.InvariantCulture));

/// <summary>Money as whole units of 1e-12 USD.</summary>
internal sealed class MoneyConverter() : ValueConverter<Money, long>(money => money.PicoUsd, value => new Money(value));

internal sealed class DiskStatusConverter()
    : ValueConverter<DiskStatus, string>(status => status.ToWire(), name => DiskStatusNames.FromWire(name));

internal sealed class PodStatusConverter()
    : ValueConverter<PodStatus, string>(status => status.ToWire(), name => PodStatusNames.FromWire(name));

/// <summary>Short lists of text that are only read as a whole, as JSON.</summary>
internal sealed class TextListConverter() : ValueConverter<IReadOnlyList<string>, string>(
    list => JsonSerializer.Serialize(list, ColumnJson.Default.IReadOnlyListString),
    json => JsonSerializer.Deserialize(json, ColumnJson.Default.IReadOnlyListString)!);

internal sealed class TextListComparer() : ValueComparer<IReadOnlyList<string>>(
    (left, right) => left!.SequenceEqual(right!), list => list.Count, list => list);

internal sealed class TextMapConverter() : ValueConverter<IReadOnlyDictionary<string, string>, string>(
    map => JsonSerializer.Serialize(map, ColumnJson.Default.IReadOnlyDictionaryStringString),
    json => JsonSerializer.Deserialize(json, ColumnJson.Default.IReadOnlyDictionaryStringString)!);

internal sealed class TextMapComparer() : ValueComparer<IReadOnlyDictionary<string, string>>(
    (left, right) => left!.OrderBy(pair => pair.Key).SequenceEqual(right!.OrderBy(pair => pair.Key)),
    map => map.Count,
    map => map);

[JsonSerializable(typeof(IReadOnlyList<string>))]
[JsonSerializable(typeof(IReadOnlyDictionary<string, string>))]
internal sealed partial class ColumnJson : JsonSerializerContext;

internal static class SnakeCase
{
    /// <summary>
    /// <c>PriceHr</c> becomes <c>price_hr</c>; names in the database need no quotes in either dialect.
    /// </summary>
    public static string Of(string name)
    {
        // One unit, one word.
        name = name.Replace("GiB", "Gib", StringComparison.Ordinal);
        var result = new StringBuilder(name.Length + 8);
        for (var i = 0; i < name.Length; i++)
        {
            if (i > 0 && char.IsUpper(name[i]) && !char.IsUpper(name[i - 1]))
            {
                result.Append('_');
            }

            result.Append(char.ToLowerInvariant(name[i]));
        }

        return result.ToString();
    }
}
