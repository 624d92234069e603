using System.Globalization;
using Mooring.Conformance.Tests.Suite;

namespace Mooring.Conformance.Tests.Simulated;

/// <summary>The script that makes a circumstance at the simulated cloud.</summary>
internal static class SimulatedScript
{
    public const string Words = "Not with this account.";
    public static readonly TimeSpan RetryAfter = TimeSpan.FromSeconds(7);
    public static readonly TimeSpan From = TimeSpan.FromSeconds(60);

    private const string Window = """ "fromSeconds": 60, "untilSeconds": 120 """;
    private const string Once = """ "fromSeconds": 60, "times": 1 """;
    private const string StormWindow = """ "fromSeconds": 60, "untilSeconds": 100000 """;

    /// <summary>When a circumstance is over, since the start.</summary>
    public static TimeSpan UntilOf(Circumstance circumstance) =>
        TimeSpan.FromSeconds(circumstance == Circumstance.Storm ? 100_000 : 120);

    /// <param name="circumstance">What shall go wrong.</param>
    /// <param name="kind">Of what: <c>disk</c> or <c>instance</c>.</param>
    public static string For(Circumstance circumstance, string kind) => $$"""
        {
          "provider": "cloudy",
          "settlingSeconds": 30,
          "pageSize": {{(circumstance == Circumstance.EmptyPage ? 1 : 2).ToString(CultureInfo.InvariantCulture)}},
          "disks": [
            { "dataCenter": "US-1", "country": "US", "region": "united_states", "stockGb": 1000 },
            { "cloudId": "shared", "dataCenter": "US-1", "country": "US", "region": "united_states",
              "isMultinode": true, "minGb": 5, "stepGb": 5 }
          ],
          "instances": [
            { "cloudId": "cpu-1", "dataCenter": "US-1", "country": "US", "region": "united_states" },
            { "cloudId": "gpu-1", "gpuType": "H100_80GB", "gpuCount": 8, "gpuMemoryGb": 80, "socket": "SXM5" }
          ],
          "faults": [{{FaultsFor(circumstance, kind)}}]
        }
        """;

    private static string FaultsFor(Circumstance circumstance, string kind)
    {
        return circumstance switch
        {
            Circumstance.LostCreateReply => Fault("lostReply", "create", Once),
            Circumstance.LostCreateRequest => Fault("lostRequest", "create", Once),
            Circumstance.LostDeleteReply => Fault("lostReply", "delete", Once),
            Circumstance.LostDeleteRequest => Fault("lostRequest", "delete", Once),
            Circumstance.LateCreate => Fault("late", "create", Once + """, "seconds": 20 """),
            Circumstance.Duplicate => Fault("duplicate", "create", Once),
            Circumstance.SlowCreate => Fault("slow", "create", Window + """, "seconds": 60 """),
            Circumstance.SlowDelete => Fault("slow", "delete", Window + """, "seconds": 60 """),
            Circumstance.Refusal => Fault("refused", "create", $""" {Window}, "words": "{Words}" """),
            Circumstance.OutOfStock => Fault("outOfStock", "create", Window),
            Circumstance.BadCredentials => Fault("unauthorized", "*", Window),
            Circumstance.Throttling => Fault("throttled", "*", Window + """, "retryAfterSeconds": 7 """),
            Circumstance.Unreachability => Fault("unreachable", "*", Window),
            // Nothing is listed before: this is the second page of the first list.
            Circumstance.BrokenList => Fault("unreachable", "list", """ "calls": [2] """),
            Circumstance.EmptyPage => Fault("disappears", "list", Once),
            Circumstance.Vanishing => Fault("disappears", "look", Once),
            // Nothing is looked at before: the first look is the one before the change, the second the one after it.
            Circumstance.BlindAfterCreate => Fault("unreachable", "look", """ "calls": [2] """),
            Circumstance.HangingCreate => Hanging("create"),
            Circumstance.HangingDelete => Hanging("delete"),
            Circumstance.HangingLook or Circumstance.Overlap => Hanging("look"),
            Circumstance.HangingList => Hanging("list"),
            Circumstance.StuckDetach =>
                $$"""{ "fault": "stuckDetach", "on": ["instance.delete"], {{Window}}, "seconds": 60 }""",
            Circumstance.EndsByItself =>
                $$"""{ "fault": "ends", "on": ["instance.create"], {{Window}}, "seconds": 5, "exitCode": 3 }""",
            Circumstance.Storm => string.Join(", ", Storm()),
            _ => "",
        };

        string Fault(string fault, string verb, string when) =>
            $$"""{ "fault": "{{fault}}", "on": ["{{kind}}.{{verb}}"], {{when}} }""";

        string Hanging(string verb) => Fault("slowReply", verb, Window + """, "seconds": 60 """);

        IEnumerable<string> Storm() =>
        [
            // The first that meets a call is the one: the rarest chance of harm comes first.
            Sometimes("late", ["create"], 0.35, """, "seconds": { "least": 5, "most": 30 } """),
            Sometimes("lostReply", ["create", "delete"], 0.15),
            Sometimes("lostRequest", ["create", "delete"], 0.1),
            Sometimes("duplicate", ["create"], 0.2),
            Sometimes("slow", ["create", "delete"], 0.3, """, "seconds": { "least": 1, "most": 20 } """),
            Sometimes("unreachable", ["*"], 0.05),
            Sometimes("throttled", ["*"], 0.05, """, "retryAfterSeconds": 2 """),
        ];

        string Sometimes(string fault, string[] verbs, double probability, string more = "")
        {
            var on = string.Join(", ", verbs.Select(verb => $"\"{kind}.{verb}\""));
            var chance = probability.ToString(CultureInfo.InvariantCulture);
            return $$"""{ "fault": "{{fault}}", "on": [{{on}}], "probability": {{chance}}, {{StormWindow}}{{more}} }""";
        }
    }
}
