namespace Mooring.Simulators.Hyperstack;

/// <summary>A route: its name in scripts and books, its method and path, and what it does.</summary>
internal sealed record Route(string Name, string Method, string Path, Func<Call, Reply> Do);

/// <summary>Every route that is simulated.</summary>
internal static class Routes
{
    public static readonly IReadOnlyList<Route> All =
    [
        new("regions.list", "GET", "core/regions", _ => CatalogRoutes.Regions()),
        new("volumeTypes.list", "GET", "core/volume-types", _ => CatalogRoutes.VolumeTypes()),
        new("stocks.list", "GET", "core/stocks", CatalogRoutes.Stocks),
        new("flavors.list", "GET", "core/flavors", CatalogRoutes.Flavors),
        new("pricebook.get", "GET", "pricebook", CatalogRoutes.PriceBook),
        new("billing.volumes", "GET", "billing/billing/history/volume", BillingRoutes.Volumes),
        new("billing.vms", "GET", "billing/billing/history/virtual-machine", BillingRoutes.Machines),
        new("environments.list", "GET", "core/environments", HomeRoutes.List),
        new("environments.create", "POST", "core/environments", HomeRoutes.Create),
        new("keypairs.create", "POST", "core/keypairs", HomeRoutes.CreateKeyPair),
        new("volumes.list", "GET", "core/volumes", VolumeRoutes.List),
        new("volumes.create", "POST", "core/volumes", VolumeRoutes.Create),
        new("volumes.get", "GET", "core/volumes/{id}", VolumeRoutes.Get),
        new("volumes.move", "PATCH", "core/volumes/{id}", VolumeRoutes.Move),
        new("volumes.delete", "DELETE", "core/volumes/{id}", VolumeRoutes.Delete),
        // Singular, as the vendor has it.
        new("volumes.name", "GET", "core/volume/name-availability/{name}", VolumeRoutes.IsNameFree),
        new("vms.list", "GET", "core/virtual-machines", MachineRoutes.List),
        new("vms.create", "POST", "core/virtual-machines", MachineRoutes.Create),
        new("vms.get", "GET", "core/virtual-machines/{id}", MachineRoutes.Get),
        new("vms.delete", "DELETE", "core/virtual-machines/{id}", MachineRoutes.Delete),
        // State-changing GETs, as the vendor has them.
        new("vms.start", "GET", "core/virtual-machines/{id}/start", MachineRoutes.Start),
        new("vms.stop", "GET", "core/virtual-machines/{id}/stop", MachineRoutes.Stop),
        new("vms.reboot", "GET", "core/virtual-machines/{id}/hard-reboot", MachineRoutes.Reboot),
        new("vms.hibernate", "GET", "core/virtual-machines/{id}/hibernate", MachineRoutes.Hibernate),
        new("vms.restore", "GET", "core/virtual-machines/{id}/hibernate-restore", MachineRoutes.Restore),
        new("vms.attach", "POST", "core/virtual-machines/{id}/attach-volumes", AttachmentRoutes.Attach),
        new("vms.detach", "POST", "core/virtual-machines/{id}/detach-volumes", AttachmentRoutes.Detach),
        new("attachments.protect", "PATCH", "core/volume-attachments/{id}", AttachmentRoutes.Protect),
    ];
}
