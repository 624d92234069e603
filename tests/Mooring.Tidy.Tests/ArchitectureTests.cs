using System.Xml.Linq;
using Mooring.Tidy.Tests.Assemblies;

namespace Mooring.Tidy.Tests;

/// <summary>
/// Which way the arrows point, and what stays pure, as docs/architecture.md draws it. Read from what was compiled, so
/// that no way of writing it gets round the rule.
/// </summary>
public class ArchitectureTests
{
    private const string EveryProvider = "Mooring.Providers.*";
    private const string EverySimulator = "Mooring.Simulators.*";

    /// <summary>What each project may refer to; a project that is not here has no place in the house yet.</summary>
    private static readonly Dictionary<string, string[]> Arrows = new()
    {
        ["Mooring.Contract"] = [],
        ["Mooring.Client"] = ["Mooring.Contract"],
        ["Mooring.Cli"] = ["Mooring.Client", "Mooring.Contract"],
        ["Mooring.Providers"] = [],
        [EveryProvider] = ["Mooring.Providers"],
        // The other side of the wire: what it shares with an adapter is what the cloud's documents say, and no code.
        [EverySimulator] = [],
        ["Mooring.Simulators.Host"] = [EverySimulator],
        ["Mooring.Agent"] = ["Mooring.Providers"],
        ["Mooring.Server"] = ["Mooring.Contract", "Mooring.Providers"],
        ["Mooring.Server.Sqlite"] = ["Mooring.Server"],
        ["Mooring.Server.Postgres"] = ["Mooring.Server"],
        ["Mooring.Daemon"] =
        [
            "Mooring.Agent", "Mooring.Contract", "Mooring.Providers", EveryProvider, "Mooring.Server",
            "Mooring.Server.Sqlite", "Mooring.Server.Postgres",
        ],
    };

    /// <summary>Projects on which other people's code builds: they bring nothing along but the framework.</summary>
    private static readonly string[] Bare = ["Mooring.Contract", "Mooring.Client", "Mooring.Providers"];

    private static readonly string[] Stores =
        ["Microsoft.EntityFrameworkCore", "Microsoft.Data.Sqlite", "Npgsql", "Microsoft.AspNetCore"];

    /// <summary>Who in the server may call providers: the reconciler's workers, and what lists and listens.</summary>
    private static readonly string[] Callers =
    [
        "Mooring.Server.Disks.DiskWorker", "Mooring.Server.Pods.PodWorker", "Mooring.Server.Offers.OfferCatalog",
        "Mooring.Server.Inventory.Sweep", "Mooring.Server.Inventory.InstanceSignals",
        "Mooring.Server.Hosts.HostInstances", "Mooring.Server.ProviderAccounts.AccountTrial",
        "Mooring.Server.Charges.ChargeReading",
    ];

    private static readonly IReadOnlyList<Project> Projects =
    [
        .. from file in Repository.Files
           where file.IsUnder("src", "providers", "simulators")
           where file.Path.EndsWith(".csproj", StringComparison.Ordinal)
           select Project.Read(file),
    ];

    [Fact]
    public void Every_project_has_its_place() =>
        Projects.Where(project => PlaceOf(project.Name) is null).Select(project => project.Name).ShouldBeEmpty();

    [Fact]
    public void Projects_refer_only_the_way_the_arrows_point() =>
        Projects.SelectMany(project => Against(project.Name, project.References)).ShouldBeEmpty();

    [Fact]
    public void Assemblies_refer_only_the_way_the_arrows_point() => Projects
        .SelectMany(project => Against(
            project.Name, CompiledAssembly.Load(project.Assembly).References.Select(NameOfAssembly)))
        .ShouldBeEmpty();

    [Fact]
    public void What_others_build_on_brings_nothing_along() => Projects
        .Where(project => Bare.Contains(project.Name))
        .SelectMany(project => CompiledAssembly.Load(project.Assembly).References
            .Where(name => !IsOurs(name) && !name.StartsWith("System.", StringComparison.Ordinal))
            .Select(name => $"{project.Name} -> {name}"))
        .ShouldBeEmpty();

    [Fact]
    public void Only_the_server_and_its_daemon_know_a_database_or_a_web_server() => Projects
        .Where(project => !project.Name.StartsWith("Mooring.Server", StringComparison.Ordinal))
        .Where(project => project.Name != "Mooring.Daemon")
        // A simulated cloud is a web server itself.
        .Where(project => !IsASimulator(project.Name))
        // A place that is simulated keeps its books in a file of its own, which is none of Mooring's records.
        .Where(project => project.Name != "Mooring.Providers.Simulated")
        .SelectMany(project => CompiledAssembly.Load(project.Assembly).References
            .Where(name => Stores.Any(store => name.StartsWith(store, StringComparison.Ordinal)))
            .Select(name => $"{project.Name} -> {name}"))
        .ShouldBeEmpty();

    [Fact]
    public void A_lifecycle_reads_no_database_no_network_and_no_clock()
    {
        var server = CompiledAssembly.Server;
        var lifecycles = server.TypeNames.Where(name => name.EndsWith("Lifecycle", StringComparison.Ordinal)).ToList();
        lifecycles.ShouldBe(
            [
                "Mooring.Server.Disks.DiskLifecycle", "Mooring.Server.Pods.PodLifecycle",
                "Mooring.Server.Wallets.WalletLifecycle",
            ], ignoreOrder: true);
        string[] pure = [.. lifecycles, "Mooring.Server.Disks.Disk", "Mooring.Server.Pods.Pod"];
        server.ReachOf(pure.Contains).Where(Purity.IsImpure).ShouldBeEmpty();
    }

    [Fact]
    public void The_engine_knows_no_disk_and_no_pod() => CompiledAssembly.Server
        .UsesOf(type => type.StartsWith("Mooring.Server.Reconciling.", StringComparison.Ordinal))
        .Where(name => IsInASlice(name) && !Exceptions.KnownToTheEngine.ContainsKey(name))
        .ShouldBeEmpty();

    [Fact]
    public void Only_the_reconciler_calls_a_provider() => CompiledAssembly.Server.TypeNames
        .Where(type => !type.Contains('+') && !Callers.Contains(type))
        .SelectMany(type => CompiledAssembly.Server.UsesOf(name => name == type).Where(IsProviderCall))
        // The stated exceptions: a log is read through the agent, and how full a disk is; nothing changes.
        .Where(words => !words.EndsWith("IInstanceLog::ReadLogAsync", StringComparison.Ordinal))
        .Where(words => !words.EndsWith("IDiskUsage::ReadUsedAsync", StringComparison.Ordinal))
        .ShouldBeEmpty();

    [Fact]
    public void Only_its_retention_takes_anything_out_of_the_audit_trail_and_nothing_changes_it()
    {
        var touching = Repository.CSharp
            .Where(file => file.IsUnder("src"))
            .Where(file => file.Text.Contains("audit_entries", StringComparison.Ordinal)
                || file.Text.Contains("AuditEntries", StringComparison.Ordinal)
                || file.Text.Contains("Set<AuditEntry>", StringComparison.Ordinal))
            .ToList();
        string[] verbs = ["UPDATE", "DELETE", "ExecuteUpdate", "ExecuteDelete", "Remove(", "Attach(", "Update("];

        touching.Where(file => verbs.Any(verb => file.Text.Contains(verb, StringComparison.Ordinal)))
            .Select(file => file.Name)
            .ShouldBe(["TrailRetention.cs"]);
        // And it does not change them.
        Repository.File("src/Mooring.Server/Audit/TrailRetention.cs").Text.ShouldNotContain("UPDATE");
    }

    [Theory]
    [InlineData("Mooring.Agent", "Mooring.Server")]
    [InlineData("Mooring.Providers.Local", "Mooring.Agent")]
    [InlineData("Mooring.Providers.Local", "Mooring.Providers.Ceph")]
    [InlineData("Mooring.Providers.Nimbus", "Mooring.Simulators.Nimbus")]
    [InlineData("Mooring.Simulators.Nimbus", "Mooring.Providers.Nimbus")]
    [InlineData("Mooring.Simulators.Nimbus", "Mooring.Providers")]
    [InlineData("Mooring.Server", "Mooring.Providers.Local")]
    [InlineData("Mooring.Client", "Mooring.Server")]
    [InlineData("Mooring.Cli", "Mooring.Providers")]
    [InlineData("Mooring.Simulators.RunPod", "Mooring.Providers")]
    [InlineData("Mooring.Providers.RunPod", "Mooring.Simulators.RunPod")]
    public void An_arrow_that_points_the_wrong_way_is_found(string project, string reference) =>
        Against(project, ["System.Runtime", reference]).ShouldBe([$"{project} -> {reference}"]);

    private static IEnumerable<string> Against(string project, IEnumerable<string> references)
    {
        var allowed = PlaceOf(project) ?? [];
        return references
            .Where(IsOurs)
            .Where(name => !allowed.Contains(name)
                && !(allowed.Contains(EveryProvider) && IsAProvider(name))
                && !(allowed.Contains(EverySimulator) && IsASimulator(name)))
            .Select(name => $"{project} -> {name}");
    }

    private static string[]? PlaceOf(string project) => Arrows.GetValueOrDefault(
        Arrows.ContainsKey(project) ? project
        : IsAProvider(project) ? EveryProvider
        : IsASimulator(project) ? EverySimulator
        : project);

    private static bool IsOurs(string name) =>
        name.StartsWith("Mooring.", StringComparison.Ordinal) || name is "mooring" or "mooringd";

    private static bool IsAProvider(string name) => name.StartsWith("Mooring.Providers.", StringComparison.Ordinal);

    private static bool IsASimulator(string name) => name.StartsWith("Mooring.Simulators.", StringComparison.Ordinal);

    private static string NameOfAssembly(string assembly) =>
        Projects.FirstOrDefault(project => project.Assembly == assembly)?.Name ?? assembly;

    private static bool IsInASlice(string name) =>
        name.Split("::")[0].Split('.') is ["Mooring", "Server", not "Reconciling" and not "Persistence", _, ..];

    private static bool IsProviderCall(string name) =>
        name.StartsWith("Mooring.Providers.", StringComparison.Ordinal)
        && name.Split("::") is [var type, var member]
        && type[(type.LastIndexOf('.') + 1)..] is ['I', >= 'A' and <= 'Z', ..]
        && member.EndsWith("Async", StringComparison.Ordinal);

    private sealed record Project(string Name, string Assembly, IReadOnlyList<string> References)
    {
        public static Project Read(SourceFile file)
        {
            var xml = XDocument.Parse(file.Text);
            var name = Path.GetFileNameWithoutExtension(file.Name);
            return new Project(
                name,
                xml.Descendants("AssemblyName").SingleOrDefault()?.Value ?? name,
                [
                    .. from reference in xml.Descendants("ProjectReference")
                       let path = reference.Attribute("Include")!.Value.Replace('\\', '/')
                       select Path.GetFileNameWithoutExtension(path),
                ]);
        }
    }
}
