using System.Text.Json.Serialization;

namespace Mooring.Contract.V1;

/// <summary>A page of a list, with the total under both names (contract 13, D1).</summary>
/// <typeparam name="T">A row.</typeparam>
public sealed record ListPage<T>
{
    /// <summary>Rows in all pages.</summary>
    [JsonPropertyName("total_count")]
    public required int TotalCount { get; init; }

    /// <summary>The same number under its other name.</summary>
    [JsonPropertyName("totalCount")]
    public int TotalCountCamel => TotalCount;

    /// <summary>The offset applied.</summary>
    public required int Offset { get; init; }

    /// <summary>The limit applied.</summary>
    public required int Limit { get; init; }

    /// <summary>This page.</summary>
    public required IReadOnlyList<T> Data { get; init; }
}
