using System.Text.RegularExpressions;
using Mooring.Contract.V1;
using Mooring.Server.Hosts;
using Mooring.Server.Http;
using Mooring.Server.Offers;

namespace Mooring.Server.Pods;

/// <summary>The rules of form of POST <c>/pods/</c> (contract 6.1), before anything is looked up.</summary>
internal static partial class PodRequest
{
    private const int DisksAtMost = 16;
    private const int VariablesAtMost = 256;
    private const int ValueLengthAtMost = 32_768;

    /// <param name="request">What was asked for.</param>
    /// <param name="images">Names of images that the provider asked for may have.</param>
    /// <param name="options">What the operator set.</param>
    /// <exception cref="InvalidRequestException">With every fault found.</exception>
    public static void Check(CreatePodRequest request, IReadOnlyCollection<string> images, MooringOptions options)
    {
        var faults = new Faults();
        faults.Check(
            request.Pod is not null,
            "body.pod",
            "is required: an object with 'cloudId', 'gpuType', 'socket', 'gpuCount'");
        faults.Check(
            request.Provider?.Type is { Length: > 0 },
            "body.provider.type",
            "is required: an offer's 'provider' from GET /api/v1/availability/gpus");
        faults.Check(
            request.Disks is null or { Count: <= DisksAtMost },
            "body.disks",
            $"must name {DisksAtMost} disks at the most");
        faults.Check(
            request.Disks is null || request.Disks.Select(NameOfDisk).Distinct().Count() == request.Disks.Count,
            "body.disks",
            "must name each disk once");
        faults.Check(request.Disks is null || !request.Disks.Contains(null), "body.disks", "must be ids of disks");
        if (request.Pod is { } pod)
        {
            CheckPod(pod, images, options, faults);
        }

        faults.Throw();
    }

    // One disk has several spellings: dashed or not, in either case.
    private static string? NameOfDisk(string? text) =>
        text is not null && ResourceIds.ParseDisk(text) is { } id ? id.Value : text;

    private static void CheckPod(
        CreatePod pod, IReadOnlyCollection<string> images, MooringOptions options, Faults faults)
    {
        faults.Check(pod.CloudId is { Length: > 0 }, "body.pod.cloudId", "is required: an offer's 'cloudId'");
        CheckKnown(pod.GpuType, GpuTypes.All, "body.pod.gpuType", true, faults);
        CheckKnown(pod.Socket, KnownValues.Sockets, "body.pod.socket", true, faults);
        CheckKnown(pod.Security, KnownValues.Securities, "body.pod.security", false, faults);
        faults.Check(pod.GpuCount is > 0, "body.pod.gpuCount", "is required, and must be 1 or more");
        faults.Check(pod.DiskSize is null or > 0, "body.pod.diskSize", "must be 1 or more, in GB");
        faults.Check(pod.Vcpus is null or > 0, "body.pod.vcpus", "must be 1 or more");
        faults.Check(pod.Memory is null or > 0, "body.pod.memory", "must be 1 or more, in GB");
        faults.Check(pod.MaxPrice is null or >= 0, "body.pod.maxPrice", "must be 0 or more, in USD per hour");
        faults.Check(pod.PrepaidForHr is null, "body.pod.prepaidForHr", "is not offered here: leave it out");
        faults.Check(
            pod.JupyterPassword is null or "",
            "body.pod.jupyterPassword",
            "can't be set: the images here have no Jupyter. Leave it out");
        if (pod.Name is { } name && TextRules.FaultOfName(name) is { } fault)
        {
            faults.Add("body.pod.name", fault);
        }

        CheckImage(pod, images, options, faults);
        CheckEnvironment(pod, faults);
    }

    private static void CheckImage(
        CreatePod pod, IReadOnlyCollection<string> images, MooringOptions options, Faults faults)
    {
        const string Custom = "custom_template";
        var image = pod.Image ?? MooringOptions.DefaultImage;
        if (image == Custom)
        {
            faults.Check(
                pod.CustomTemplateId is { } id && options.Templates.ContainsKey(id),
                "body.pod.customTemplateId",
                options.Templates.Count == 0
                    ? "can't be used: the operator has set up no templates"
                    : $"must be one of {string.Join(", ", options.Templates.Keys.Order())}");
            return;
        }

        faults.Check(
            images.Contains(image),
            "body.pod.image",
            $"must be one of {string.Join(", ", images.Order())}");
        faults.Check(pod.CustomTemplateId is null or "", "body.pod.customTemplateId", $"goes with image {Custom} only");
    }

    private static void CheckEnvironment(CreatePod pod, Faults faults)
    {
        var variables = pod.EnvVars ?? [];
        faults.Check(
            variables.Count <= VariablesAtMost,
            "body.pod.envVars",
            $"must have {VariablesAtMost} variables at the most");
        for (var i = 0; i < Math.Min(variables.Count, VariablesAtMost); i++)
        {
            var where = $"body.pod.envVars.{i}";
            faults.Check(
                variables[i]?.Key is { } key && VariableName().IsMatch(key)
                    && !key.StartsWith("MOORING_", StringComparison.Ordinal),
                where + ".key",
                "must match [A-Za-z_][A-Za-z0-9_]*, with 255 characters at the most, and not begin with MOORING_");
            faults.Check(
                variables[i]?.Value is { Length: <= ValueLengthAtMost } value
                    && value.AsSpan().IndexOfAny('\0', '\n', '\r') < 0,
                where + ".value",
                $"must be text without NUL or line break, of {ValueLengthAtMost} characters at the most");
        }

        faults.Check(
            variables.Select(variable => variable?.Key).Distinct().Count() == variables.Count,
            "body.pod.envVars",
            "must set each variable once");
    }

    private static void CheckKnown(
        string? value, IReadOnlyList<string> known, string where, bool isRequired, Faults faults) =>
        faults.Check(
            value is null ? !isRequired : known.Contains(value),
            where,
            $"{(isRequired ? "is required, and must" : "must")} be one of {string.Join(", ", known)}");

    [GeneratedRegex(@"\A[A-Za-z_][A-Za-z0-9_]{0,254}\z", RegexOptions.CultureInvariant | RegexOptions.NonBacktracking)]
    private static partial Regex VariableName();
}
