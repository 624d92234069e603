namespace Mooring.EndToEnd.Tests.Crashes;

/// <summary>How far a user knows what became of a wish.</summary>
internal enum Wish
{
    /// <summary>Nobody asked.</summary>
    None,

    /// <summary>Asked for and not answered: it may have been accepted or not.</summary>
    Open,

    /// <summary>Answered with yes, or found to be so.</summary>
    Accepted,
}

/// <summary>A disk as its user remembers it: what was wished, and what was answered.</summary>
internal sealed class OwnDisk(string name)
{
    public string? Id { get; set; }

    public Wish Created { get; set; }

    public Wish Deleted { get; set; }

    /// <summary>Names it may bear: the last that was answered, and those asked for since. Each is unique.</summary>
    public List<string> Names { get; } = [name];

    public OwnPod? Holder { get; set; }

    /// <summary>What its last instance wrote to it and brought to the disk; empty before.</summary>
    public string Note { get; set; } = "";
}

/// <summary>An instance as its user remembers it.</summary>
internal sealed class OwnPod(string name)
{
    public string Name { get; } = name;

    public string? Id { get; set; }

    public Wish Created { get; set; }

    public Wish Deleted { get; set; }
}
