namespace Mooring.Server.Inventory;

internal sealed record OrphanNotFound(string Account, string Name)
    : MooringError(
        "orphan_not_found",
        $"The last list of provider account '{Account}' has no orphan '{Name}'. "
        + "GET /api/mooring/v1/inventory lists them.");

internal sealed record OrphanHasNoPrice(string Name)
    : MooringError(
        "orphan_has_no_price",
        $"No offer says what '{Name}' costs: send 'priceHr', what its owner is to pay for it, in USD per hour.");

internal sealed record ForeignDiskNotFound(string Account, string RemoteId)
    : MooringError(
        "foreign_disk_not_found",
        $"The last list of provider account '{Account}' has no disk with the id '{RemoteId}' that somebody else made, "
        + "and no double. GET /api/mooring/v1/inventory?all=true lists them.");

internal sealed record ForeignDiskIsAdopted(string RemoteId, string Disk)
    : MooringError(
        "foreign_disk_is_adopted",
        $"What the provider knows by the id '{RemoteId}' is disk {Disk} already: use that, or delete it first.");

internal sealed record ForeignDisksNotKnown(string Account, string Type)
    : MooringError(
        "foreign_disks_not_known",
        $"At provider account '{Account}' of type '{Type}' a disk has no id but its name: what bears none of this "
        + "installation's can't be registered. Create a disk, and copy the data.");
