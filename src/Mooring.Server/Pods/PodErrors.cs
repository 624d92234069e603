namespace Mooring.Server.Pods;

internal sealed record PodNotFound(string Id)
    : MooringError(
        "pod_not_found", $"There is no instance '{Id}' that this key can see. GET /api/v1/pods/ lists them.");

internal sealed record PodHasNoLog(PodId Id, string Why)
    : MooringError("pod_has_no_log", $"Instance {Id} has no log to read: {Why}");

internal sealed record PodNeedsNoRetry(PodId Id, PodStatus Status)
    : MooringError(
        "pod_needs_no_retry",
        Status switch
        {
            PodStatus.Error => $"Instance {Id} has failed and given its disks back. Create a new one with them.",
            PodStatus.Terminated => $"Instance {Id} is gone for good. Create a new one with the same disks.",
            _ => $"Instance {Id} is {Status.ToWire()} and waits for nothing: there is nothing to retry.",
        });

internal sealed record LogUnreadable(PodId Id, string Words)
    : MooringError("log_unreadable", $"The log of instance {Id} can't be read now: {Words} Try again.");

internal sealed record HostCannotRunPods(string Why)
    : MooringError("host_cannot_run_pods", $"No instance can be started here now: {Why}");

internal sealed record ImageNotPresent(string Image, string Place)
    : MooringError(
        "image_not_present",
        $"The image {Image} is not at {Place} yet. "
        + "Wait until the offer's 'images' names it, or choose one that it names.");

internal sealed record PriceTooHigh(decimal Price, decimal MaxPrice)
    : MooringError(
        "price_too_high",
        $"The offer costs {Price} USD per hour, more than the maxPrice of {MaxPrice}. Nothing was created.");
