using Mooring.Server.Ledger;
using Mooring.Server.Reconciling;

namespace Mooring.Server.Wallets;

/// <summary>A wallet before and after something, when to look again, and what goes into its history.</summary>
/// <param name="Before">The wallet as it was read.</param>
/// <param name="After">The wallet as it shall be.</param>
/// <param name="Due">When to look again; null leaves that as it is.</param>
/// <param name="At">When it happens.</param>
/// <param name="Happenings">What goes into its history.</param>
internal sealed record WalletChange(
    Wallet Before, Wallet After, Due? Due, DateTimeOffset At, IReadOnlyList<Happening> Happenings);
