namespace Mooring.Providers.Simulated;

/// <summary>What can be asked of the simulated place. By these, scripts count calls and place faults.</summary>
internal enum Verb
{
    DiskOffers,
    DiskCreate,
    DiskLook,
    DiskList,
    DiskDelete,
    InstanceOffers,
    InstanceCreate,
    InstanceLook,
    InstanceList,
    InstanceDelete,
    InstanceLog,
}

internal static class Verbs
{
    public static readonly IReadOnlyList<Verb> All = Enum.GetValues<Verb>();

    private static readonly Dictionary<Verb, string> Names = new()
    {
        [Verb.DiskOffers] = "disk.offers",
        [Verb.DiskCreate] = "disk.create",
        [Verb.DiskLook] = "disk.look",
        [Verb.DiskList] = "disk.list",
        [Verb.DiskDelete] = "disk.delete",
        [Verb.InstanceOffers] = "instance.offers",
        [Verb.InstanceCreate] = "instance.create",
        [Verb.InstanceLook] = "instance.look",
        [Verb.InstanceList] = "instance.list",
        [Verb.InstanceDelete] = "instance.delete",
        [Verb.InstanceLog] = "instance.log",
    };

    /// <summary>Its name in scripts and books.</summary>
    public static string NameOf(this Verb verb) => Names[verb];

    public static bool IsOfDisks(this Verb verb) => verb <= Verb.DiskDelete;

    /// <summary>Whether the place has something else afterwards, faults apart.</summary>
    public static bool Changes(this Verb verb) =>
        verb is Verb.DiskCreate or Verb.DiskDelete or Verb.InstanceCreate or Verb.InstanceDelete;

    /// <summary>
    /// The verbs that a word of a script means: one by its name, or <c>disk.*</c>, <c>instance.*</c>, <c>*</c>; none
    /// for a word that means none.
    /// </summary>
    public static IEnumerable<Verb> Matching(string word) => All.Where(verb =>
        word == "*"
        || word == verb.NameOf()
        || (word == "disk.*" && verb.IsOfDisks())
        || (word == "instance.*" && !verb.IsOfDisks()));
}
