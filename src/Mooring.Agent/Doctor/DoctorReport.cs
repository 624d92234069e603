namespace Mooring.Agent.Doctor;

/// <summary>How much a finding matters.</summary>
public enum Severity
{
    /// <summary>As it should be.</summary>
    Fine,

    /// <summary>Something can't be done here; the rest can.</summary>
    Notice,

    /// <summary>A protection is missing: pods run only where the operator accepts that.</summary>
    Weaker,

    /// <summary>No pod can run here.</summary>
    Blocking,
}

/// <summary>One thing that was looked at on this machine.</summary>
/// <param name="Severity">How much it matters.</param>
/// <param name="Subject">What was looked at, a few words.</param>
/// <param name="Words">What was found, and what it costs where it is missing; a sentence or two.</param>
/// <param name="Remedy">What the operator can do; null where nothing needs to be done.</param>
public sealed record Finding(Severity Severity, string Subject, string Words, string? Remedy = null);

/// <summary>What this machine has and lacks for running pods with disks.</summary>
/// <param name="Findings">In the order in which one would set a machine up.</param>
/// <param name="AcceptsWeakerIsolation">Whether the operator accepted missing protections.</param>
public sealed record DoctorReport(IReadOnlyList<Finding> Findings, bool AcceptsWeakerIsolation)
{
    /// <summary>Whether nothing found stands in the way of pods.</summary>
    public bool CanRunPods =>
        Findings.All(f => f.Severity < (AcceptsWeakerIsolation ? Severity.Blocking : Severity.Weaker));
}
