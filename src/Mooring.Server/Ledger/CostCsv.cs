using System.Globalization;
using System.Text;
using Microsoft.AspNetCore.Http;
using Mooring.Contract.Native;

namespace Mooring.Server.Ledger;

/// <summary>
/// A page of costs as comma-separated values (RFC 4180): a line of names, then one for each row; lines end in CR LF.
/// </summary>
internal sealed class CostCsv(Costs costs) : IResult
{
    public const string ContentType = "text/csv";

    private const string Header =
        "id,name,usd,forecast_usd,status,price_hr,cost_to_date_usd,idle_since,idle_cost_usd\r\n";

    public Task ExecuteAsync(HttpContext httpContext)
    {
        httpContext.Response.ContentType = ContentType + "; charset=utf-8; header=present";
        httpContext.Response.Headers.ContentDisposition = string.Create(
            CultureInfo.InvariantCulture,
            $"attachment; filename=\"costs-by-{costs.GroupBy}-{costs.From:yyyy-MM-dd}-{costs.To:yyyy-MM-dd}.csv\"");
        return httpContext.Response.WriteAsync(Text(), Encoding.UTF8, httpContext.RequestAborted);
    }

    /// <summary>The whole text.</summary>
    public string Text()
    {
        var text = new StringBuilder(Header);
        foreach (var row in costs.Data)
        {
            string?[] fields =
            [
                Words(row.Id), Words(row.Name), Number(row.Usd), Number(row.ForecastUsd), row.Status,
                Number(row.PriceHr), Number(row.CostToDate), Time(row.IdleSince), Number(row.IdleCost),
            ];
            text.AppendJoin(',', fields.Select(Quoted)).Append("\r\n");
        }

        return text.ToString();
    }

    // A spreadsheet would take a text that begins so for a formula, and run it; the apostrophe makes it text there.
    private static string? Words(string? text) => text is { Length: > 0 } && text[0] is '=' or '+' or '-' or '@'
            or '\t' or '\r' or '\n' or '＝' or '＋' or '－' or '＠'
        ? "'" + text
        : text;

    private static string? Quoted(string? field) => field?.AsSpan().ContainsAny("\",\r\n") is true
        ? $"\"{field.Replace("\"", "\"\"", StringComparison.Ordinal)}\""
        : field;

    private static string? Number(decimal? number) =>
        number?.ToString("0.############################", CultureInfo.InvariantCulture);

    private static string? Time(DateTimeOffset? time) =>
        time?.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.ffffff'Z'", CultureInfo.InvariantCulture);
}
