using System.Text.Json.Serialization;

namespace Mooring.Providers.Hyperstack;

/// <summary>
/// What every answer has, save the price book and the stock. <see cref="Status"/> may be false at HTTP 200 (vendor
/// docs, "Attach volumes"): <c>{"status": false, "message": "We can process with only available volumes."}</c>.
/// </summary>
internal record Envelope
{
    public bool? Status { get; init; }

    public string? Message { get; init; }

    public string? ErrorReason { get; init; }
}

/// <summary>An answer with a page of a list; <see cref="PageSize"/> may be less than was asked for.</summary>
internal abstract record Page<T> : Envelope
{
    public int? PageSize { get; init; }

    [JsonIgnore]
    public abstract IReadOnlyList<T>? Items { get; }
}

internal sealed record WireEnvironment(long Id, string? Name, string? Region);

internal sealed record EnvironmentPage : Page<WireEnvironment>
{
    public IReadOnlyList<WireEnvironment>? Environments { get; init; }

    [JsonIgnore]
    public override IReadOnlyList<WireEnvironment>? Items => Environments;
}

internal sealed record WireVolumeAttachment(long Id, string? Status, long? InstanceId, bool? Protected);

internal sealed record WireVolume(
    long Id,
    string? Name,
    WireEnvironment? Environment,
    string? VolumeType,
    long Size,
    string? Status,
    IReadOnlyList<WireVolumeAttachment>? Attachments);

internal sealed record VolumeAnswer : Envelope
{
    public WireVolume? Volume { get; init; }
}

internal sealed record VolumePage : Page<WireVolume>
{
    public IReadOnlyList<WireVolume>? Volumes { get; init; }

    [JsonIgnore]
    public override IReadOnlyList<WireVolume>? Items => Volumes;
}

internal sealed record WireAttachedVolume(long Id, string? Name);

internal sealed record WireMachineAttachment(long Id, string? Status, bool? Protected, WireAttachedVolume? Volume);

internal sealed record WireMachine(
    long Id,
    string? Name,
    string? Status,
    WireEnvironment? Environment,
    string? FloatingIp,
    IReadOnlyList<string>? Labels,
    IReadOnlyList<WireMachineAttachment>? VolumeAttachments);

internal sealed record MachinesAnswer : Envelope
{
    public IReadOnlyList<WireMachine>? Instances { get; init; }
}

internal sealed record MachinePage : Page<WireMachine>
{
    public IReadOnlyList<WireMachine>? Instances { get; init; }

    [JsonIgnore]
    public override IReadOnlyList<WireMachine>? Items => Instances;
}

internal sealed record WireRegion(long Id, string? Name, string? Country);

internal sealed record RegionsAnswer : Envelope
{
    public IReadOnlyList<WireRegion>? Regions { get; init; }
}

internal sealed record VolumeTypesAnswer : Envelope
{
    public IReadOnlyList<string>? VolumeTypes { get; init; }
}

internal sealed record WirePrice(string? Name, decimal? Value);

internal sealed record WireStockModel(string? Model, IReadOnlyDictionary<string, int?>? Configurations);

internal sealed record WireStock(string? Region, IReadOnlyList<WireStockModel>? Models);

/// <summary>No envelope here: only <c>stocks</c>.</summary>
internal sealed record StocksAnswer(IReadOnlyList<WireStock>? Stocks);

/// <summary><see cref="Ram"/> may be a fraction; <see cref="Gpu"/> is empty for a flavor without one.</summary>
internal sealed record WireFlavor(
    string? Name,
    string? RegionName,
    decimal? Cpu,
    decimal? Ram,
    decimal? Disk,
    decimal? Ephemeral,
    string? Gpu,
    int? GpuCount,
    bool? StockAvailable);

internal sealed record WireFlavorGroup(IReadOnlyList<WireFlavor>? Flavors);

internal sealed record FlavorsAnswer : Envelope
{
    public IReadOnlyList<WireFlavorGroup>? Data { get; init; }
}

internal sealed record WireBilled(string? Id, long? InfrahubId, string? ResourceName);

/// <summary><see cref="IncurredBill"/> in USD, of the time that was asked for.</summary>
internal sealed record WireBillMetrics(decimal? IncurredBill);

internal sealed record WireBillLine(WireBilled? Attributes, WireBillMetrics? Metrics);

/// <summary>
/// A page of a bill. Billing has names of its own for what is <c>count</c> and <c>page_size</c> elsewhere.
/// </summary>
internal sealed record WireBill(IReadOnlyList<WireBillLine?>? BillingHistory, long? TotalCount, long? PerPage);

internal sealed record VolumeBillAnswer : Envelope
{
    public WireBill? BillingHistoryVolume { get; init; }
}

/// <summary>The member's name is assumed: the documents have it of one machine's details only.</summary>
internal sealed record MachineBillAnswer : Envelope
{
    public WireBill? BillingHistoryVm { get; init; }
}

internal sealed record NewEnvironment(string Name, string Region);

internal sealed record NewKeyPair(string Name, string EnvironmentName, string PublicKey);

internal sealed record NewVolume(string Name, string EnvironmentName, long Size, string VolumeType, string Description);

internal sealed record SecurityRule(
    string Direction, string Ethertype, string Protocol, string RemoteIpPrefix, int PortRangeMin, int PortRangeMax);

internal sealed record NewMachine(
    string Name,
    string EnvironmentName,
    string FlavorName,
    string KeyName,
    int Count,
    string ImageName,
    bool AssignFloatingIp,
    bool EnablePortRandomization,
    string UserData,
    IReadOnlyList<string> Labels,
    IReadOnlyList<SecurityRule> SecurityRules);

internal sealed record NewAttachment(IReadOnlyList<long> VolumeIds, bool Protected);

internal sealed record EndOfAttachment(IReadOnlyList<long> VolumeIds);

internal sealed record Protection(bool Protected);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(Envelope))]
[JsonSerializable(typeof(EnvironmentPage))]
[JsonSerializable(typeof(VolumeAnswer))]
[JsonSerializable(typeof(VolumePage))]
[JsonSerializable(typeof(MachinesAnswer))]
[JsonSerializable(typeof(MachinePage))]
[JsonSerializable(typeof(RegionsAnswer))]
[JsonSerializable(typeof(VolumeTypesAnswer))]
[JsonSerializable(typeof(WirePrice[]))]
[JsonSerializable(typeof(StocksAnswer))]
[JsonSerializable(typeof(FlavorsAnswer))]
[JsonSerializable(typeof(VolumeBillAnswer))]
[JsonSerializable(typeof(MachineBillAnswer))]
[JsonSerializable(typeof(NewEnvironment))]
[JsonSerializable(typeof(NewKeyPair))]
[JsonSerializable(typeof(NewVolume))]
[JsonSerializable(typeof(NewMachine))]
[JsonSerializable(typeof(NewAttachment))]
[JsonSerializable(typeof(EndOfAttachment))]
[JsonSerializable(typeof(Protection))]
internal sealed partial class WireJson : JsonSerializerContext;
