using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using Mooring.Providers.Disks;
using Mooring.Providers.Instances;

namespace Mooring.Providers.Simulated;

/// <summary>
/// Reads a script. Its form stands in docs/guides/rehearse-failure/script.schema.json; a test holds the two together.
/// </summary>
internal static partial class ScriptReader
{
    private const int DisksAtMostGb = 100_000;
    private const string DefaultImage = "ubuntu_22_cuda_12";
    public static readonly TimeSpan DelayAtMost = TimeSpan.FromDays(30);
    private static readonly TimeSpan SettlingAtMost = TimeSpan.FromMinutes(15);

    private static readonly Dictionary<string, Stock> Stocks =
        Enum.GetValues<Stock>().ToDictionary(stock => stock.ToString());

    private static readonly Dictionary<string, Security> Securities = new()
    {
        ["secure_cloud"] = Security.SecureCloud,
        ["community_cloud"] = Security.CommunityCloud,
    };

    /// <summary>The contract's regions (section 12).</summary>
    private static readonly string[] Regions =
    [
        "africa", "asia_south", "asia_northeast", "australia", "canada", "eu_east", "eu_north", "eu_west",
        "middle_east", "south_america", "united_states",
    ];

    private static readonly JsonDocumentOptions Strict = new()
    {
        AllowDuplicateProperties = false,
        AllowTrailingCommas = true,
        CommentHandling = JsonCommentHandling.Skip,
    };

    public static Simulation Read(string json, string source)
    {
        try
        {
            using var document = JsonDocument.Parse(json, Strict);
            return Read(new ScriptObject(document.RootElement, "$", source));
        }
        catch (JsonException exception)
        {
            throw new ScriptException($"{source} is no JSON: {exception.Message}", exception);
        }
    }

    private static Simulation Read(ScriptObject script)
    {
        // For editors; what it names is theirs to look up.
        _ = script.OptionalText("$schema");
        var settling = script.OptionalSeconds("settlingSeconds", SettlingAtMost) ?? TimeSpan.FromSeconds(5);
        var read = new Simulation
        {
            Provider = Name(script, "provider", script.RequiredText("provider")),
            Account = Name(script, "account", script.OptionalText("account") ?? "simulated"),
            Chance = new Chance(script.Whole("seed", 1, long.MinValue, long.MaxValue)),
            SettlingTime = settling,
            PageSize = (int)script.Whole("pageSize", 100, 1, 10_000),
            Delays = ReadDelays(script.OptionalObject("delays")),
            Disks = [.. script.Objects("disks").Select(ReadDisk)],
            Instances = [.. script.Objects("instances").Select(ReadInstance)],
            Faults = [.. script.Objects("faults").Select(fault => FaultReader.Read(fault, settling))],
        };
        CheckOnce(script, "disks", read.Disks.Select(one => (one.Offer.CloudId, one.Offer.Place.DataCenter)));
        CheckOnce(
            script,
            "instances",
            read.Instances.Select(one =>
                (one.Offer.CloudId, one.Offer.GpuType, one.Offer.GpuCount, one.Offer.Place.DataCenter)));
        CheckOnce(script, "faults", read.Faults.Select(fault => fault.Key));
        script.End();
        return read;
    }

    private static string Name(ScriptObject script, string member, string name) => NameForm().IsMatch(name)
        ? name
        : throw script.Fault(
            member, "must be 1 to 64 lower-case letters, digits, dashes and underscores, a letter or digit first");

    // What two entries have in common could not be told apart by a request, or by the books.
    private static void CheckOnce<T>(ScriptObject script, string member, IEnumerable<T> keys)
    {
        if (keys.GroupBy(key => key).FirstOrDefault(group => group.Count() > 1) is { } twice)
        {
            throw script.Fault(member, $"has one entry twice: {twice.Key}");
        }
    }

    private static Delays ReadDelays(ScriptObject? delays)
    {
        if (delays is null)
        {
            return Delays.None;
        }

        var read = new Delays(
            delays.OptionalDelay("diskCreateSeconds", DelayAtMost) ?? Delay.None,
            delays.OptionalDelay("diskDeleteSeconds", DelayAtMost) ?? Delay.None,
            delays.OptionalDelay("instanceCreateSeconds", DelayAtMost) ?? Delay.None,
            delays.OptionalDelay("instanceDeleteSeconds", DelayAtMost) ?? Delay.None,
            delays.OptionalDelay("detachSeconds", DelayAtMost) ?? Delay.None);
        delays.End();
        return read;
    }

    private static SimulatedDiskOffer ReadDisk(ScriptObject disk)
    {
        var cloudId = disk.OptionalText("cloudId");
        var place = ReadPlace(disk);
        ByteSize? capacity =
            disk.OptionalWhole("stockGb", 0, 1_000_000_000) is { } gb ? ByteSize.FromGiB(gb) : null;
        var read = new DiskOffer(
            cloudId,
            place,
            Price(disk, "pricePerGbHour", 0.00015m),
            (int)disk.Whole("minGb", 0, 0, DisksAtMostGb),
            (int)disk.Whole("maxGb", DisksAtMostGb, 1, DisksAtMostGb),
            (int)disk.Whole("stepGb", 1, 1, DisksAtMostGb),
            disk.Flag("isMultinode", false),
            disk.OptionalOneOf("stock", Stocks) ?? Stock.Available,
            disk.OptionalOneOf("security", Securities) ?? Security.SecureCloud,
            capacity is { } known ? new CapacityPool($"{cloudId ?? "-"}/{place.DataCenter ?? "-"}", known) : null,
            disk.OptionalText("additionalInfo"));
        disk.End();
        return read.MinSizeGiB <= read.MaxSizeGiB
            ? new SimulatedDiskOffer(read, capacity)
            : throw disk.Fault("minGb", "must be no more than 'maxGb'");
    }

    private static SimulatedInstanceOffer ReadInstance(ScriptObject instance)
    {
        var gpuType = instance.OptionalText("gpuType") ?? "CPU_NODE";
        var read = new InstanceOffer(
            instance.RequiredText("cloudId"),
            gpuType,
            gpuType == "CPU_NODE" ? null : gpuType,
            (int)instance.Whole("gpuCount", 1, 1, 1024),
            (int)instance.Whole("gpuMemoryGb", 0, 0, 4096),
            instance.OptionalText("socket") ?? "PCIe",
            ReadPlace(instance),
            (int)instance.Whole("vcpus", 8, 1, 4096),
            (int)instance.Whole("memoryGb", 32, 1, 65_536),
            (int)instance.Whole("bootDiskGb", 100, 1, DisksAtMostGb),
            instance.OptionalText("bootDiskInfo"),
            Price(instance, "pricePerHour", 1m),
            instance.OptionalOneOf("stock", Stocks) ?? Stock.Available,
            instance.OptionalOneOf("security", Securities) ?? Security.SecureCloud,
            instance.OptionalTexts("images") ?? [DefaultImage],
            (int?)instance.OptionalWhole("internetSpeedMbps", 1, 10_000_000));
        var count = (int?)instance.OptionalWhole("stockCount", 0, 1_000_000);
        instance.End();
        return new SimulatedInstanceOffer(read, count);
    }

    private static Place ReadPlace(ScriptObject from)
    {
        var place = new Place(
            from.OptionalText("dataCenter"), from.OptionalText("country"), from.OptionalText("region"));
        return place.Region is null || Regions.Contains(place.Region)
            ? place
            : throw from.Fault("region", $"must be one of {string.Join(", ", Regions)}");
    }

    private static Money Price(ScriptObject from, string member, decimal otherwise)
    {
        var usd = from.OptionalDecimal(member, 0, 1_000_000) ?? otherwise;
        try
        {
            return Money.FromUsd(usd);
        }
        catch (ArgumentException exception)
        {
            throw from.Fault(member, $"can't be a price: {exception.Message.TrimEnd('.')}");
        }
    }

    [GeneratedRegex(@"\A[a-z0-9][a-z0-9_-]{0,63}\z", RegexOptions.CultureInvariant | RegexOptions.NonBacktracking)]
    private static partial Regex NameForm();
}

/// <summary>Reads one fault. Which members it may have depends on its kind.</summary>
internal static class FaultReader
{
    private static readonly TimeSpan SinceStartAtMost = TimeSpan.FromDays(3650);

    /// <summary>Kinds by their names in scripts: <c>lostReply</c>.</summary>
    public static readonly IReadOnlyDictionary<string, FaultKind> Kinds =
        Enum.GetValues<FaultKind>().ToDictionary(kind =>
            char.ToLower(kind.ToString()[0], CultureInfo.InvariantCulture) + kind.ToString()[1..]);

    public static readonly IReadOnlyDictionary<string, RemoteDiskState> DiskStates =
        Enum.GetValues<RemoteDiskState>().ToDictionary(state => state.ToString());

    public static readonly IReadOnlyDictionary<string, RemoteInstanceState> InstanceStates =
        Enum.GetValues<RemoteInstanceState>().ToDictionary(state => state.ToString());

    public static Fault Read(ScriptObject from, TimeSpan settling)
    {
        var kind = from.OptionalOneOf("fault", Kinds) ?? throw from.Fault("fault", "is required");
        var read = ReadConditions(from, kind);
        read = kind switch
        {
            FaultKind.Slow or FaultKind.StuckDetach => read with { Duration = Duration(from) },
            FaultKind.SlowReply => read with { Duration = Duration(from) },
            FaultKind.Late => read with { Duration = DurationOfLate(from, settling) },
            FaultKind.Fails => read with
            {
                Duration = from.OptionalDelay("seconds", ScriptReader.DelayAtMost) ?? Delay.None,
            },
            FaultKind.Ends => read with
            {
                Duration = from.OptionalDelay("seconds", ScriptReader.DelayAtMost) ?? Delay.None,
                ExitCode = (int)from.Whole("exitCode", 0, 0, 255),
            },
            FaultKind.Throttled => read with
            {
                RetryAfter = from.OptionalSeconds("retryAfterSeconds", TimeSpan.FromHours(1)),
            },
            FaultKind.WrongStatus => ReadStatus(from, read),
            FaultKind.Price => read with
            {
                Factor = from.OptionalDecimal("factor", 0, 1000) ?? throw from.Fault("factor", "is required"),
            },
            _ => read,
        };
        read = HasWords(kind) && from.OptionalText("words") is { } words ? read with { Words = words } : read;
        from.End();
        return read;
    }

    private static Fault ReadConditions(ScriptObject from, FaultKind kind)
    {
        var read = new Fault
        {
            Kind = kind,
            On = ReadVerbs(from, kind),
            Calls = from.OptionalWholes("calls", 1)?.ToHashSet(),
            Probability = (double?)from.OptionalDecimal("probability", 0, 1),
            From = from.OptionalSeconds("fromSeconds", SinceStartAtMost),
            Until = from.OptionalSeconds("untilSeconds", SinceStartAtMost),
            Times = (int?)from.OptionalWhole("times", 1, int.MaxValue),
            Words = FaultKinds.WordsOf(kind),
            Key = from.Text,
        };
        return read.From is { } start && read.Until <= start
            ? throw from.Fault("untilSeconds", "must be more than 'fromSeconds'")
            : read;
    }

    private static HashSet<Verb> ReadVerbs(ScriptObject from, FaultKind kind)
    {
        var possible = FaultKinds.CanBefall(kind);
        HashSet<Verb> verbs = [];
        foreach (var word in from.OptionalTexts("on") ?? throw from.Fault("on", "is required"))
        {
            var meant = Verbs.Matching(word).Intersect(possible).ToList();
            if (meant.Count == 0)
            {
                throw from.Fault(
                    "on",
                    $"has '{word}', which this fault can't befall. It can befall: "
                    + string.Join(", ", possible.Select(verb => verb.NameOf())));
            }

            verbs.UnionWith(meant);
        }

        return verbs.Count > 0 ? verbs : throw from.Fault("on", "must name one verb at least");
    }

    private static bool HasWords(FaultKind kind) => FaultKinds.WordsOf(kind).Length > 0;

    private static Delay Duration(ScriptObject from) =>
        from.OptionalDelay("seconds", ScriptReader.DelayAtMost) ?? throw from.Fault("seconds", "is required");

    // What came later than the provider says that it may would be a lie, and no fault to be held against us.
    private static Delay DurationOfLate(ScriptObject from, TimeSpan settling)
    {
        var duration = Duration(from);
        return duration.Most <= settling
            ? duration
            : throw from.Fault("seconds", $"must be no more than 'settlingSeconds', {settling.TotalSeconds:0.######}");
    }

    private static Fault ReadStatus(ScriptObject from, Fault read)
    {
        var ofDisks = read.On.All(verb => verb.IsOfDisks());
        if (!ofDisks && read.On.Any(verb => verb.IsOfDisks()))
        {
            throw from.Fault("on", "must be of disks or of instances alone, as their states differ");
        }

        return ofDisks
            ? read with { DiskState = from.OptionalOneOf("status", DiskStates) ?? throw Missing() }
            : read with { InstanceState = from.OptionalOneOf("status", InstanceStates) ?? throw Missing() };

        ScriptException Missing() => from.Fault("status", "is required");
    }
}
