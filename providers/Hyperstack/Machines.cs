namespace Mooring.Providers.Hyperstack;

/// <summary>What a virtual machine is up to.</summary>
internal enum MachinePhase
{
    /// <summary>CREATING, BUILD.</summary>
    Making,

    /// <summary>ACTIVE.</summary>
    Running,

    /// <summary>STARTING, REBOOTING, RESTORING, STOPPING, HIBERNATING.</summary>
    Between,

    /// <summary>SHUTOFF: its disks can be detached, and it is billed in full.</summary>
    Off,

    /// <summary>HIBERNATED.</summary>
    Hibernated,

    /// <summary>ERROR: also what a lack of capacity may look like.</summary>
    Failed,

    /// <summary>DELETING.</summary>
    Deleting,

    /// <summary>A status that nobody has told us of.</summary>
    Unknown,
}

/// <summary>The calls about virtual machines. "Machine", as the cloud's "instance" is Mooring's too.</summary>
internal sealed class Machines(HyperstackClient client, int pageSize)
{
    /// <summary>Machines of exactly this name, the first made first.</summary>
    public async Task<IReadOnlyList<WireMachine>> FindAsync(string name, CancellationToken ct) =>
        Named(name, await Listing($"search={Uri.EscapeDataString(name)}&", ct).ReadOnceAsync());

    /// <summary>The same, and if it seems that there is none, by reading the whole list.</summary>
    public async Task<IReadOnlyList<WireMachine>> FindCertainlyAsync(string name, CancellationToken ct) =>
        await FindAsync(name, ct) is { Count: > 0 } found ? found : Named(name, await ListAsync(ct));

    /// <summary>Every machine of the account that is there, whoever's it is.</summary>
    public async Task<IReadOnlyList<WireMachine>> ListAsync(CancellationToken ct) =>
        [.. (await Listing("", ct).ReadTwiceAsync()).Where(IsThere)];

    public Task<Outcome<MachinesAnswer>> CreateAsync(NewMachine machine, CancellationToken ct) => client.ChangeAsync(
        HttpMethod.Post,
        "core/virtual-machines",
        HyperstackClient.Json(machine, WireJson.Default.NewMachine),
        WireJson.Default.MachinesAnswer,
        ct);

    public Task<Outcome<Envelope>> DeleteAsync(long id, CancellationToken ct) => client.ChangeAsync(
        HttpMethod.Delete,
        FormattableString.Invariant($"core/virtual-machines/{id}"),
        null,
        WireJson.Default.Envelope,
        ct);

    /// <summary>Shuts one down. The cloud does this by GET: it is sent as the change that it is.</summary>
    public Task<Outcome<Envelope>> StopAsync(long id, CancellationToken ct) => client.ChangeAsync(
        HttpMethod.Get,
        FormattableString.Invariant($"core/virtual-machines/{id}/stop"),
        null,
        WireJson.Default.Envelope,
        ct);

    public Task<Outcome<Envelope>> AttachAsync(long id, long volume, CancellationToken ct) => client.ChangeAsync(
        HttpMethod.Post,
        FormattableString.Invariant($"core/virtual-machines/{id}/attach-volumes"),
        HyperstackClient.Json(new NewAttachment([volume], Protected: true), WireJson.Default.NewAttachment),
        WireJson.Default.Envelope,
        ct);

    public Task<Outcome<Envelope>> DetachAsync(long id, IReadOnlyList<long> volumes, CancellationToken ct) =>
        client.ChangeAsync(
            HttpMethod.Post,
            FormattableString.Invariant($"core/virtual-machines/{id}/detach-volumes"),
            HyperstackClient.Json(new EndOfAttachment(volumes), WireJson.Default.EndOfAttachment),
            WireJson.Default.Envelope,
            ct);

    /// <summary>Takes an attachment's protection away; with it, a detach is refused (vendor's driver).</summary>
    public Task<Outcome<Envelope>> UnprotectAsync(long attachment, CancellationToken ct) => client.ChangeAsync(
        HttpMethod.Patch,
        FormattableString.Invariant($"core/volume-attachments/{attachment}"),
        HyperstackClient.Json(new Protection(Protected: false), WireJson.Default.Protection),
        WireJson.Default.Envelope,
        ct);

    /// <summary>What its status says (vendor docs, "Virtual Machine States"); compared without case.</summary>
    public static MachinePhase PhaseOf(WireMachine machine) => machine.Status?.ToUpperInvariant() switch
    {
        "CREATING" or "BUILD" => MachinePhase.Making,
        "ACTIVE" => MachinePhase.Running,
        "STARTING" or "REBOOTING" or "RESTORING" or "STOPPING" or "HIBERNATING" => MachinePhase.Between,
        "SHUTOFF" => MachinePhase.Off,
        "HIBERNATED" => MachinePhase.Hibernated,
        "ERROR" => MachinePhase.Failed,
        "DELETING" => MachinePhase.Deleting,
        _ => MachinePhase.Unknown,
    };

    /// <summary>Attachments that are in force.</summary>
    public static List<WireMachineAttachment> HoldsOf(WireMachine machine) =>
        [.. (machine.VolumeAttachments ?? []).Where(hold => Attachments.IsInForce(hold.Status))];

    private static List<WireMachine> Named(string name, IEnumerable<WireMachine> machines) =>
        [.. machines.Where(machine => machine.Name == name && IsThere(machine))];

    private static bool IsThere(WireMachine machine) => machine.Status?.ToUpperInvariant() is not "DELETED";

    private Listing<WireMachine> Listing(string filter, CancellationToken ct) => new(
        async page => await client.ReadAsync(
            FormattableString.Invariant($"core/virtual-machines?{filter}page={page}&pageSize={pageSize}"),
            WireJson.Default.MachinePage,
            ct),
        machine => Attachments.AreWhole(machine.VolumeAttachments)
            ? machine.Id
            : throw HyperstackErrors.OfNonsense(changes: false),
        pageSize);
}
