using System.Security.Cryptography;
using System.Text;

namespace Mooring.Simulators.Hyperstack;

/// <summary>
/// What a volume and a machine have in common: a status that changes by itself when its time comes. Nothing needs to
/// run for time to pass.
/// </summary>
internal abstract class Thing
{
    public const string Gone = "gone";

    private string _status = "";
    private string _next = "";
    private DateTimeOffset _nextAt;

    public required long Id { get; init; }

    public required string Name { get; set; }

    public required Home Home { get; set; }

    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>As the price book has it: of a volume for each GB.</summary>
    public required decimal PricePerHour { get; init; }

    /// <summary>When it was deleted, or vanished; null while nobody wants it gone.</summary>
    public DateTimeOffset? EndedAt { get; private set; }

    public string StatusAt(DateTimeOffset now) => now >= _nextAt ? _next : _status;

    public bool IsThereAt(DateTimeOffset now) => StatusAt(now) != Gone;

    /// <summary>Its id behind the API.</summary>
    public string Uuid => new Guid(SHA256.HashData(Encoding.UTF8.GetBytes($"{Id}"))[..16]).ToString("D");

    /// <summary>USD an hour, for all of it.</summary>
    public abstract decimal UsdPerHour { get; }

    /// <summary>Minutes begun, up to a time, that are paid for.</summary>
    public abstract decimal MinutesAt(DateTimeOffset time);

    /// <summary>What it has cost up to a time: the books as they stood, or will stand, then.</summary>
    public decimal CostAt(DateTimeOffset time) => MinutesAt(time) * UsdPerHour / 60;

    /// <summary>When it became what it is now, or will.</summary>
    public DateTimeOffset ChangesAt => _nextAt;

    /// <summary>It is this now, and that after a time.</summary>
    public void Become(string status, string next, DateTimeOffset at) =>
        (_status, _next, _nextAt) = (status, next, at);

    public void EndAt(DateTimeOffset now) => EndedAt ??= now;

    public void Vanish(DateTimeOffset now)
    {
        Become(Gone, Gone, now);
        EndAt(now);
    }

    protected static decimal MinutesOf(DateTimeOffset from, DateTimeOffset until) =>
        until > from ? Math.Ceiling((decimal)(until - from).Ticks / TimeSpan.TicksPerMinute) : 0;

    protected static DateTimeOffset Earlier(DateTimeOffset one, DateTimeOffset? other) =>
        other < one ? other.Value : one;
}

/// <summary>An environment: bound to one region.</summary>
internal sealed record Home(long Id, string Name, string Region, DateTimeOffset CreatedAt);

internal sealed class Volume : Thing
{
    public required string Type { get; init; }

    public required long Size { get; init; }

    public required string? Description { get; init; }

    public override decimal UsdPerHour => PricePerHour * Size;

    public override decimal MinutesAt(DateTimeOffset time) => MinutesOf(CreatedAt, Earlier(time, EndedAt));
}

internal sealed class Machine : Thing
{
    private readonly List<(DateTimeOffset From, DateTimeOffset? Until)> _billed = [];

    public required Flavor Flavor { get; init; }

    public required string Image { get; init; }

    public required string KeyPair { get; init; }

    public required string? FloatingIp { get; init; }

    public required string UserData { get; init; }

    public required IReadOnlyList<string> Labels { get; init; }

    public void BillFrom(DateTimeOffset from) => _billed.Add((from, null));

    /// <summary>HIBERNATED and deleted machines are not billed; SHUTOFF ones are, in full.</summary>
    public void BillUntil(DateTimeOffset until)
    {
        if (_billed is [.., { Until: null } last])
        {
            _billed[^1] = last with { Until = until < last.From ? last.From : until };
        }
    }

    public override decimal UsdPerHour => PricePerHour;

    public override decimal MinutesAt(DateTimeOffset time) =>
        _billed.Sum(span => MinutesOf(span.From, Earlier(time, span.Until)));
}

/// <summary>A volume at a machine.</summary>
internal sealed class Hold
{
    public required long Id { get; init; }

    public required Volume Volume { get; init; }

    public required Machine Machine { get; init; }

    public required string Device { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    public required DateTimeOffset AttachedAt { get; init; }

    public bool IsProtected { get; set; }

    public DateTimeOffset? DetachesAt { get; set; }

    /// <summary>When it is over; null while nobody detaches it.</summary>
    public DateTimeOffset? EndsAt { get; set; }

    public bool IsInForceAt(DateTimeOffset now) => !(EndsAt <= now);

    public string StatusAt(DateTimeOffset now) =>
        EndsAt <= now ? "DETACHED"
        : DetachesAt <= now ? "DETACHING"
        : AttachedAt <= now ? "ATTACHED"
        : "ATTACHING";
}

/// <summary>A kind of machine.</summary>
internal sealed record Flavor(
    long Id, string Name, string Region, int Cpu, decimal Ram, int Disk, int Ephemeral, string Gpu, int GpuCount);
