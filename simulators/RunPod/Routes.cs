namespace Mooring.Simulators.RunPod;

/// <summary>The calls that are played, by the names that scripts and books use.</summary>
public static class Routes
{
    internal const string DataCenters = "catalog.datacenters";
    internal const string Gpus = "catalog.gpus";
    internal const string ListVolumes = "volumes.list";
    internal const string GetVolume = "volumes.get";
    internal const string CreateVolume = "volumes.create";
    internal const string UpdateVolume = "volumes.update";
    internal const string DeleteVolume = "volumes.delete";
    internal const string ListPods = "pods.list";
    internal const string GetPod = "pods.get";
    internal const string CreatePod = "pods.create";
    internal const string UpdatePod = "pods.update";
    internal const string ActOnPod = "pods.action";
    internal const string DeletePod = "pods.delete";
    internal const string BillVolumes = "billing.volumes";
    internal const string BillPods = "billing.pods";

    /// <summary>All of them.</summary>
    public static IReadOnlyList<string> All { get; } =
    [
        DataCenters, Gpus, ListVolumes, GetVolume, CreateVolume, UpdateVolume, DeleteVolume, ListPods, GetPod,
        CreatePod, UpdatePod, ActOnPod, DeletePod, BillVolumes, BillPods,
    ];

    internal static bool IsKnown(string route) => route == "*" || All.Contains(route);
}
