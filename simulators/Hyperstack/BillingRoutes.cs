using System.Globalization;
using System.Text.Json.Nodes;

namespace Mooring.Simulators.Hyperstack;

/// <summary>
/// What things cost in a time, also those that are gone: minutes begun up to its end, less those begun up to its
/// beginning. Amounts are the books' at both, each rounded to 1e-12 USD: so those of any times that lie end to end add
/// up to the books, to the last digit.
/// </summary>
internal static class BillingRoutes
{
    private const int Digits = 12;
    private const int Organisation = 7;

    public static Reply Volumes(Call call) => History(
        call,
        "billing_history_volume",
        call.Account.Volumes,
        volume => call.Account.StatusOf(volume, call.Now),
        volume => call.Account.Vanish(volume, call.Now));

    // The member's name is assumed, after that of one machine's details.
    public static Reply Machines(Call call) => History(
        call,
        "billing_history_vm",
        call.Account.Machines,
        machine => machine.StatusAt(call.Now) is var status && status == Thing.Gone ? "DELETED" : status,
        machine => call.Account.Vanish(machine, call.Now));

    private static Reply History<T>(
        Call call, string member, List<T> things, Func<T, string> statusOf, Action<T> vanish)
        where T : Thing
    {
        if (!TryRead(call, "start_date", DateTimeOffset.MinValue, out var start)
            || !TryRead(call, "end_date", call.Now, out var end)
            || end < start)
        {
            return Reply.Refuse("start_date and end_date are times as YYYY-MM-DDTHH:MM:SS, one after the other.");
        }

        var billed = things.FindAll(thing =>
            thing.CreatedAt < end && !(thing.EndedAt <= start) && call.Searches(thing.Id, thing.Name));
        var (items, number, size) = call.PageOf(billed, "per_page", vanish);
        var lines = new JsonArray([.. items.Select(Show)]);
        if (call.Meets(FaultKind.WrongStatus) && lines is [JsonObject first, ..])
        {
            first["attributes"]!["status"] = call.Fault!.Status;
        }

        return Reply.Ok("Success", (member, new JsonObject
        {
            ["org_id"] = Organisation,
            ["billing_history"] = lines,
            ["total_count"] = billed.Count,
            ["page"] = number,
            ["per_page"] = size,
        }));

        JsonNode Show(T thing)
        {
            // What is to come costs nothing yet.
            var (from, until) = (Earlier(start, call.Now), Earlier(end, call.Now));
            return new JsonObject
            {
                ["attributes"] = new JsonObject
                {
                    ["id"] = thing.Uuid,
                    ["infrahub_id"] = thing.Id,
                    ["resource_name"] = thing.Name,
                    ["status"] = statusOf(thing),
                    ["contract_id"] = null,
                },
                ["metrics"] = new JsonObject
                {
                    ["incurred_bill"] = Rounded(thing.CostAt(until)) - Rounded(thing.CostAt(from)),
                    ["price_per_hour"] = thing.UsdPerHour,
                    ["usage_time"] = Rounded((thing.MinutesAt(until) - thing.MinutesAt(from)) / 60),
                },
            };
        }
    }

    private static DateTimeOffset Earlier(DateTimeOffset one, DateTimeOffset other) => one < other ? one : other;

    private static decimal Rounded(decimal number) => decimal.Round(number, Digits, MidpointRounding.ToEven);

    // UTC, as nothing else is said.
    private static bool TryRead(Call call, string name, DateTimeOffset otherwise, out DateTimeOffset time)
    {
        var text = call.Query[name].ToString();
        time = otherwise;
        return text.Length == 0 || DateTimeOffset.TryParseExact(
            text,
            "yyyy-MM-dd'T'HH:mm:ss",
            CultureInfo.InvariantCulture,
            DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal,
            out time);
    }
}
