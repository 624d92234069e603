using System.CommandLine;
using Mooring.Cli.Output;

namespace Mooring.Cli.Commands;

/// <summary>What an offer is told apart by.</summary>
internal sealed record OfferPlace(string ShortId, string Provider, string? DataCenter, string? CloudId);

/// <summary>
/// Which of the offers a thing is to be made from: any of the options that leaves one. Several are never chosen from
/// silently, as they differ in price or place.
/// </summary>
internal sealed class OfferOptions
{
    private readonly string _lister;
    private readonly Option<string?> _offer;
    private readonly Option<string?> _provider = new("--provider") { Description = "Its provider.", HelpName = "NAME" };

    private readonly Option<string?> _dataCenter = new("--data-center")
    {
        Description = "Its data center.",
        HelpName = "NAME",
    };

    private readonly Option<string?> _cloudId = new("--cloud-id") { Description = "Its cloud id.", HelpName = "ID" };

    /// <param name="command">The verb.</param>
    /// <param name="lister">The command that lists the offers.</param>
    public OfferOptions(Command command, string lister)
    {
        _lister = lister;
        _offer = new Option<string?>("--offer")
        {
            Description = $"The offer, by its short id from '{lister}'.",
            HelpName = "SHORTID",
        };
        command.Options.Add(_offer);
        command.Options.Add(_provider);
        command.Options.Add(_dataCenter);
        command.Options.Add(_cloudId);
    }

    /// <exception cref="CommandFailedException">None fits, or several do: those are listed.</exception>
    public T Choose<T>(
        Call call,
        IReadOnlyList<T> offers,
        Func<T, OfferPlace> place,
        Func<T, bool> fits,
        Table<T> table,
        string what)
    {
        var named = offers.Where(offer => IsMeant(call, place(offer))).ToList();
        var fitting = named.Where(fits).ToList();
        switch (fitting)
        {
            case [var only]:
                return only;
            case []:
                throw new CommandFailedException(
                    offers.Count == 0
                        ? $"the server has no offer for {what} now; 'mooring doctor' on its machine may say why"
                        : named.Count == 0
                            ? $"none of {Words.Count(offers.Count, "offer")} is meant by these options; see '{_lister}'"
                            : $"there is an offer, but none with room for {what} now; see '{_lister}'")
                {
                    Code = named.Count == 0 ? ExitCode.NotFound : ExitCode.Refused,
                };
            default:
                table.Write(call.Around.Error, fitting, call.Around.ErrorWidth, hasColours: false);
                throw new CommandFailedException(
                    $"{fitting.Count} offers fit; say which with --offer, or with more of the other options")
                {
                    Code = ExitCode.Usage,
                };
        }
    }

    private bool IsMeant(Call call, OfferPlace place) =>
        Admits(call.Value(_offer), place.ShortId)
        && Admits(call.Value(_provider), place.Provider)
        && Admits(call.Value(_dataCenter), place.DataCenter)
        && Admits(call.Value(_cloudId), place.CloudId);

    private static bool Admits(string? wanted, string? had) =>
        wanted is null || string.Equals(wanted, had, StringComparison.OrdinalIgnoreCase);
}
