namespace Mooring.Server.Tests.Persons;

/// <summary>Whoever may ask; each row of <see cref="PersonRows"/> has a status for each, in this order.</summary>
internal enum Person
{
    /// <summary>Another user, in no team.</summary>
    Stranger,

    /// <summary>The admin of another team.</summary>
    Outsider,

    /// <summary>A member of the team.</summary>
    Member,

    /// <summary>An admin of the team.</summary>
    TeamAdmin,

    /// <summary>Whose things are asked for; in the team a member, who has made what is the team's.</summary>
    Owner,

    /// <summary>Looks at everything and changes nothing.</summary>
    Manager,

    /// <summary>May do everything.</summary>
    Operator,
}

/// <summary>What an answer may tell of by an id.</summary>
internal enum Kind
{
    Disk,
    Pod,
    EndedPod,
    Wallet,
    Key,
    SshKey,
    Team,
    User,
}

/// <summary>Something that is there while all is asked, and whose id tells of it.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Id">Its id; a key's prefix.</param>
/// <param name="IsPersonal">Whether it is a user's own and no team's.</param>
/// <param name="SeenBy">Who sees it without being an operator or a manager.</param>
internal sealed record Thing(Kind Kind, string Id, bool IsPersonal, IReadOnlyList<Person> SeenBy);

/// <summary>A request.</summary>
/// <param name="Path">With its query.</param>
/// <param name="Body">JSON; null for none.</param>
/// <param name="Named">The id of what its query or its body names, where no part of its path does.</param>
internal sealed record Ask(string Path, string? Body = null, string? Named = null);

/// <summary>What a route answers to whom.</summary>
/// <param name="Route">The method and the pattern.</param>
/// <param name="Case">Which of the route's rows it is: whose things are meant.</param>
/// <param name="Statuses">Of each <see cref="Person"/>.</param>
/// <param name="Prepare">Makes what the request is about, for each who asks anew, and gives the request.</param>
internal sealed record PersonRow(
    string Route, string Case, IReadOnlyList<int> Statuses, Func<PersonWorld, Person, Task<Ask>> Prepare)
{
    /// <summary>The kinds of things of which the answer tells exactly those that <see cref="Sees"/> gives.</summary>
    public IReadOnlyList<Kind> Kinds { get; init; } = [];

    /// <summary>The things of these kinds that are in the answer.</summary>
    public Func<PersonWorld, Person, IEnumerable<Thing>> Sees { get; init; } = (_, _) => [];

    /// <summary>The kinds of things of which the answer names others than its reader sees, as it should.</summary>
    public IReadOnlyList<Kind> Names { get; init; } = [];

    public string Method => Route.Split(' ')[0];

    public string Pattern => Route.Split(' ')[1];

    public override string ToString() => $"{Route} ({Case})";

    /// <summary>The ids that a request names, in its path or as what it has <see cref="Ask.Named"/>.</summary>
    public IReadOnlyList<string> IdsIn(Ask ask)
    {
        var parts = ask.Path.Split('?')[0].Split('/');
        var pattern = Pattern.Split('/');
        parts.Length.ShouldBe(pattern.Length, $"{ask.Path} is for {Route}");
        List<string> ids = ask.Named is null ? [] : [ask.Named];
        foreach (var (part, named) in parts.Zip(pattern))
        {
            if (named.StartsWith('{'))
            {
                ids.Add(part);
            }
            else
            {
                part.ShouldBe(named, $"{ask.Path} is for {Route}");
            }
        }

        return ids;
    }
}
