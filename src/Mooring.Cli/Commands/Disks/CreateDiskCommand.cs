using System.CommandLine;
using System.CommandLine.Parsing;
using Mooring.Cli.Commands.Teams;
using Mooring.Cli.Output;
using Mooring.Cli.Waiting;
using Mooring.Client;
using Mooring.Contract.Native;
using Mooring.Contract.V1;

namespace Mooring.Cli.Commands.Disks;

/// <summary><c>mooring disks create</c>.</summary>
internal sealed class CreateDiskCommand : ServerCommand
{
    private readonly Option<int> _size = new("--size")
    {
        Description = "Size in GB.",
        HelpName = "GB",
        Required = true,
        CustomParser = ParseSize,
    };

    private readonly OfferOptions _offer;

    private readonly Option<string?> _name = new("--name")
    {
        Description = "Its name, 1 to 255 characters; the server makes one up if not given.",
        HelpName = "NAME",
    };

    private readonly TeamOption _team = new("The team that it is for and that pays for it, by id or name.");

    private readonly WaitOptions _wait;

    public CreateDiskCommand(Common common)
        : base(
            common,
            "create",
            "Create a disk at the one offer that fits.",
            "mooring disks create --size 500 --name training-data --wait",
            "mooring disks create --size 500 --offer a869c3",
            "mooring disks create --size 500 --provider hyperstack --data-center US-1 -o json")
    {
        Options.Add(_size);
        _offer = new OfferOptions(this, "mooring availability disks");
        Options.Add(_name);
        Options.Add(_team);
        _wait = new WaitOptions(this, "the disk is ACTIVE");
        AddCommonOptions();
    }

    protected override async Task<int> RunAsync(Call call)
    {
        var size = call.Value(_size);
        var place = await ChooseAsync(call, size);
        var disk = await CreateAsync(call, Request(place, size, call.Value(_name), await _team.FindAsync(call)));
        if (!call.Printer.IsJson)
        {
            call.Say($"disk {disk.Name} ({disk.Id}) of {disk.Size} GB is accepted, {Words.Price(disk.PriceHr)} USD/h");
        }

        if ((await _wait.RunAsync(call, ResourceKinds.Disk, disk.Id, Goal.Active)).Waited)
        {
            disk = await call.Client.GetDiskAsync(disk.Id, call.Ct);
        }

        call.Printer.Details(disk, Printer.Json.Disk, DiskTables.Details(disk, call.Around.Time));
        return ExitCode.Done;
    }

    private async Task<DiskOffer> ChooseAsync(Call call, int size)
    {
        var offers = await call.Client.ListDiskOffersAsync(ct: call.Ct).ToListAsync(call.Ct);
        return _offer.Choose(
            call,
            offers,
            offer => new OfferPlace(ShortId.Of(offer), offer.Provider, offer.DataCenter, offer.CloudId),
            offer => offer.StockStatus != OfferChoice.Unavailable && OfferChoice.Fits(offer.Spec, size),
            Availability.DiskOffersCommand.Table,
            $"a disk of {size} GB");
    }

    private static CreateDiskRequest Request(DiskOffer place, int size, string? name, string? team) => new()
    {
        Team = team is null ? null : new TeamChoice { TeamId = team },
        Disk = new CreateDisk
        {
            Size = size,
            Name = name,
            CloudId = place.CloudId,
            DataCenterId = place.DataCenter,
            Country = place.Country,
        },
        Provider = new ProviderChoice { Type = place.Provider },
    };

    private static async Task<Disk> CreateAsync(Call call, CreateDiskRequest request)
    {
        const string look = "look with 'mooring disks list' before you try again";
        try
        {
            return await call.Client.CreateDiskAsync(request, ct: call.Ct);
        }
        catch (MooringConnectionException e)
        {
            throw new CommandFailedException($"{e.Message} Whether the disk was made is not known: {look}", e)
            {
                Code = ExitCode.Unreachable,
            };
        }
        catch (OperationCanceledException e) when (call.Ct.IsCancellationRequested)
        {
            throw new CommandFailedException(
                $"interrupted before the answer came; the disk may have been made: {look}", e)
            {
                Code = ExitCode.Interrupted,
            };
        }
    }

    private static int ParseSize(ArgumentResult argument)
    {
        if (!int.TryParse(argument.Tokens[^1].Value, out var size) || size < 1)
        {
            argument.AddError("--size must be a whole number of GB, at least 1.");
        }

        return size;
    }
}
