using System.CommandLine;
using Mooring.Cli.Commands.Availability;
using Mooring.Cli.Commands.Teams;
using Mooring.Cli.Completion;
using Mooring.Cli.Output;
using Mooring.Cli.Waiting;
using Mooring.Client;
using Mooring.Contract.Native;
using Mooring.Contract.V1;

namespace Mooring.Cli.Commands.Pods;

/// <summary><c>mooring pods create</c>.</summary>
internal sealed class CreatePodCommand : ServerCommand
{
    private readonly OfferOptions _offer;

    private readonly Option<string[]> _disks = new("--disk")
    {
        Description = "A disk to attach, by id or name; several in the order of their mount paths.",
        HelpName = "DISK",
    };

    private readonly Option<string?> _name = new("--name")
    {
        Description = "Its name, 1 to 255 characters; the server makes one up if not given.",
        HelpName = "NAME",
    };

    private readonly Option<string?> _image = new("--image")
    {
        Description = "The image to start, one of the offer's.",
        HelpName = "IMAGE",
    };

    private readonly Option<string?> _sshKey = new("--ssh-key")
    {
        Description = "The only SSH key that may log in, by id or name; all of yours if not given.",
        HelpName = "KEY",
    };

    private readonly Option<decimal?> _maxPrice = new("--max-price")
    {
        Description = "Create nothing that costs more USD an hour.",
        HelpName = "USD",
    };

    private readonly Option<bool> _autoRestart = new("--auto-restart")
    {
        Description = "Start it again when it ends or its host reboots.",
    };

    private readonly EnvironmentOptions _environment;
    private readonly TeamOption _team = new("The team that it is for and that pays for it, by id or name.");

    private readonly WaitOptions _wait;

    public CreatePodCommand(Common common)
        : base(
            common,
            "create",
            "Create a pod (an instance) at the one offer that fits, with disks attached.",
            "mooring pods create --offer 2f139f --disk training-data --name trainer-1 --wait",
            "mooring pods create --cloud-id cpu-2 --disk training-data --env HF_TOKEN --env-file train.env",
            "mooring pods create --offer 2f139f --image ubuntu_22_cuda_12 --ssh-key laptop --max-price 2.5 -o json")
    {
        _offer = new OfferOptions(this, "mooring availability gpus");
        Wish.For(_disks, Kind.Disks);
        Wish.For(_sshKey, Kind.SshKeys);
        Options.Add(_disks);
        Options.Add(_name);
        Options.Add(_image);
        Options.Add(_sshKey);
        Options.Add(_maxPrice);
        Options.Add(_autoRestart);
        Options.Add(_team);
        _environment = new EnvironmentOptions(this);
        _wait = new WaitOptions(this, "the pod is ACTIVE and can be logged in to");
        AddCommonOptions();
    }

    protected override async Task<int> RunAsync(Call call)
    {
        var variables = _environment.Read(call);
        var disks = new List<string>();
        foreach (var disk in call.Value(_disks) ?? [])
        {
            disks.Add(await Naming.DiskAsync(call, disk));
        }

        var sshKey = call.Value(_sshKey) is { } named ? await Naming.SshKeyAsync(call, named) : null;
        var offer = await ChooseAsync(call, disks);
        var request = Request(call, offer, disks, sshKey, variables);
        var team = await _team.FindAsync(call);
        var pod = await CreateAsync(
            call, team is null ? request : request with { Team = new TeamChoice { TeamId = team } });
        if (!call.Printer.IsJson)
        {
            call.Say($"pod {pod.Name} ({pod.Id}) is accepted, {Words.Price(pod.PriceHr)} USD/h");
        }

        if ((await _wait.RunAsync(call, ResourceKinds.Pod, pod.Id, Goal.Active)).Waited)
        {
            pod = await call.Client.GetPodAsync(pod.Id, call.Ct);
        }

        call.Printer.Details(pod, Printer.Json.Pod, PodTables.Details(pod, call.Around.Time));
        return ExitCode.Done;
    }

    private async Task<GpuOffer> ChooseAsync(Call call, List<string> disks)
    {
        var offers = await call.Client.ListGpuOffersAsync(new GpuOfferFilter { Disks = disks }, call.Ct)
            .ToListAsync(call.Ct);
        var image = call.Value(_image);
        var maxPrice = call.Value(_maxPrice);
        return _offer.Choose(
            call,
            offers,
            offer => new OfferPlace(ShortId.Of(offer), offer.Provider, offer.DataCenter, offer.CloudId),
            offer => offer.StockStatus != OfferChoice.Unavailable
                && (image is null || offer.Images.Contains(image))
                && (maxPrice is null || OfferChoice.PriceHr(offer) <= maxPrice),
            GpuOffersCommand.Table,
            disks.Count == 0 ? "such a pod" : "such a pod that could hold these disks");
    }

    private CreatePodRequest Request(
        Call call, GpuOffer offer, List<string> disks, string? sshKey, IReadOnlyList<EnvVar> variables)
    {
        var pod = new CreatePod
        {
            Name = call.Value(_name),
            CloudId = offer.CloudId,
            GpuType = offer.GpuType,
            Socket = offer.Socket,
            GpuCount = offer.GpuCount,
            Image = call.Value(_image) ?? OfferChoice.Image(offer),
            DataCenterId = offer.DataCenter,
            Country = offer.Country,
            Security = offer.Security,
            SshKeyId = sshKey,
            MaxPrice = call.Value(_maxPrice),
            AutoRestart = call.Value(_autoRestart),
            EnvVars = variables.Count == 0 ? null : variables,
        };
        return new CreatePodRequest
        {
            Pod = pod,
            Provider = new ProviderChoice { Type = offer.Provider },
            Disks = disks.Count == 0 ? null : disks,
        };
    }

    private static async Task<Pod> CreateAsync(Call call, CreatePodRequest request)
    {
        const string look = "look with 'mooring pods list' before you try again";
        try
        {
            return await call.Client.CreatePodAsync(request, ct: call.Ct);
        }
        catch (MooringConnectionException e)
        {
            throw new CommandFailedException($"{e.Message} Whether the pod was made is not known: {look}", e)
            {
                Code = ExitCode.Unreachable,
            };
        }
        catch (OperationCanceledException e) when (call.Ct.IsCancellationRequested)
        {
            throw new CommandFailedException(
                $"interrupted before the answer came; the pod may have been made: {look}", e)
            {
                Code = ExitCode.Interrupted,
            };
        }
    }
}
