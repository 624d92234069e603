namespace Mooring.Simulators.Hyperstack;

/// <summary>
/// What the vendor's documents leave open, each a switch: whoever talks to the cloud should be right either way. The
/// defaults are what seems likelier.
/// </summary>
public sealed record Assumptions
{
    /// <summary>A volume's name is taken in its environment only, and not in all of the organisation.</summary>
    public bool NamesPerEnvironment { get; set; }

    /// <summary>A list's <c>count</c> is the number of items on the page, and not of all.</summary>
    public bool CountIsOfThePage { get; set; }

    /// <summary>A volume that was deleted stays in lists for a minute, with the status <c>deleted</c>.</summary>
    public bool DeletedVolumesLinger { get; set; }

    /// <summary>An attachment that has ended stays in lists, as DETACHED.</summary>
    public bool EndedAttachmentsLinger { get; set; } = true;

    /// <summary>An attach is refused with <c>status: false</c> at HTTP 200, and not with 400.</summary>
    public bool AttachIsRefusedAt200 { get; set; } = true;

    /// <summary>A machine with a protected attachment is not deleted.</summary>
    public bool ProtectionHoldsTheMachine { get; set; } = true;

    /// <summary>Volume and machine must be in one environment; else in one region.</summary>
    public bool AttachNeedsOneEnvironment { get; set; } = true;

    /// <summary>What is not there is answered with 400 and <c>not_found</c>, and not with 404.</summary>
    public bool MissingIs400 { get; set; }

    /// <summary>The search is by the beginning of the name, and not by any part of it.</summary>
    public bool SearchIsByPrefix { get; set; }

    /// <summary>Items on a page at the most, whatever is asked for.</summary>
    public int LargestPage { get; set; } = 100;
}
