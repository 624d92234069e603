using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using Mooring.Contract.Native;
using Mooring.Contract.V1;

namespace Mooring.Contract.Json;

/// <summary>
/// How the contract's records become JSON: camelCase names, nulls written out (today's CLI needs the keys, contract
/// 14.5), the vendor's timestamps and prices.
/// </summary>
[JsonSourceGenerationOptions(
    JsonSerializerDefaults.Web,
    DefaultIgnoreCondition = JsonIgnoreCondition.Never,
    NumberHandling = JsonNumberHandling.Strict,
    PropertyNameCaseInsensitive = false,
    AllowDuplicateProperties = false,
    Converters = [typeof(WireTimestampConverter), typeof(WirePriceConverter), typeof(WholeNumberConverter)])]
[JsonSerializable(typeof(Disk))]
[JsonSerializable(typeof(DiskList))]
[JsonSerializable(typeof(CreateDiskRequest))]
[JsonSerializable(typeof(RenameDiskRequest))]
[JsonSerializable(typeof(RenamedDisk))]
[JsonSerializable(typeof(StatusOnly))]
[JsonSerializable(typeof(IReadOnlyList<DiskOffer>))]
[JsonSerializable(typeof(OfferPage<DiskOffer>))]
[JsonSerializable(typeof(OfferPage<GpuOffer>))]
[JsonSerializable(typeof(
    IReadOnlyDictionary<string, IReadOnlyDictionary<string, IReadOnlyDictionary<string, SummaryPrice>>>))]
[JsonSerializable(typeof(IReadOnlyDictionary<string, IReadOnlyList<GpuOffer>>))]
[JsonSerializable(typeof(CreatePodRequest))]
[JsonSerializable(typeof(Pod))]
[JsonSerializable(typeof(ListPage<Pod>))]
[JsonSerializable(typeof(ListPage<PodHistoryEntry>))]
[JsonSerializable(typeof(ListPage<SshKey>))]
[JsonSerializable(typeof(PodStatusList))]
[JsonSerializable(typeof(PodLog))]
[JsonSerializable(typeof(SshKey))]
[JsonSerializable(typeof(InventoryList))]
[JsonSerializable(typeof(AdoptRequest))]
[JsonSerializable(typeof(DeleteOrphanRequest))]
[JsonSerializable(typeof(ProviderAccountList))]
[JsonSerializable(typeof(ProviderAccount))]
[JsonSerializable(typeof(AddProviderAccountRequest))]
[JsonSerializable(typeof(RotateCredentialRequest))]
[JsonSerializable(typeof(ProviderAccountTrial))]
[JsonSerializable(typeof(ProviderCharges))]
[JsonSerializable(typeof(ChargesReading))]
[JsonSerializable(typeof(LedgerAudit))]
[JsonSerializable(typeof(AuditTrail))]
[JsonSerializable(typeof(AuditTrailEntry))]
[JsonSerializable(typeof(Costs))]
[JsonSerializable(typeof(ListPage<PayingWallet>))]
[JsonSerializable(typeof(PayingWallet))]
[JsonSerializable(typeof(ChangeWalletRequest))]
[JsonSerializable(typeof(TopUpRequest))]
[JsonSerializable(typeof(ToppedUp))]
[JsonSerializable(typeof(CreditList))]
[JsonSerializable(typeof(PriceHistory))]
[JsonSerializable(typeof(AccountOffersList))]
[JsonSerializable(typeof(CreateSshKeyRequest))]
[JsonSerializable(typeof(UpdateSshKeyRequest))]
[JsonSerializable(typeof(SshKeyUpdated))]
[JsonSerializable(typeof(SshKeyDeleted))]
[JsonSerializable(typeof(WhoAmI))]
[JsonSerializable(typeof(UserChanged))]
[JsonSerializable(typeof(UpdateSlugRequest))]
[JsonSerializable(typeof(ListPage<UserTeam>))]
[JsonSerializable(typeof(ListPage<TeamMember>))]
[JsonSerializable(typeof(Wallet))]
[JsonSerializable(typeof(KeyList))]
[JsonSerializable(typeof(Key))]
[JsonSerializable(typeof(CreateKeyRequest))]
[JsonSerializable(typeof(UpdateKeyRequest))]
[JsonSerializable(typeof(UserAccount))]
[JsonSerializable(typeof(ListPage<UserAccount>))]
[JsonSerializable(typeof(CreateUserRequest))]
[JsonSerializable(typeof(UpdateUserRequest))]
[JsonSerializable(typeof(Team))]
[JsonSerializable(typeof(ListPage<Team>))]
[JsonSerializable(typeof(CreateTeamRequest))]
[JsonSerializable(typeof(UpdateTeamRequest))]
[JsonSerializable(typeof(SetTeamMemberRequest))]
[JsonSerializable(typeof(TeamMember))]
[JsonSerializable(typeof(TeamRemoval))]
[JsonSerializable(typeof(QuotaList))]
[JsonSerializable(typeof(AccountQuota))]
[JsonSerializable(typeof(Quota))]
[JsonSerializable(typeof(CreatedKey))]
[JsonSerializable(typeof(RevokedKey))]
[JsonSerializable(typeof(GenerateChallengeRequest))]
[JsonSerializable(typeof(Challenge))]
[JsonSerializable(typeof(ChallengeStatus))]
[JsonSerializable(typeof(LoginRequestList))]
[JsonSerializable(typeof(LoginRequest))]
[JsonSerializable(typeof(ApproveLoginRequest))]
[JsonSerializable(typeof(ApprovedLogin))]
[JsonSerializable(typeof(HistoryPage))]
[JsonSerializable(typeof(LiveEvent))]
[JsonSerializable(typeof(Explanation))]
[JsonSerializable(typeof(Intervention))]
[JsonSerializable(typeof(DiskDeletion))]
[JsonSerializable(typeof(ChangeDiskRequest))]
[JsonSerializable(typeof(DiskSettings))]
[JsonSerializable(typeof(StuckList))]
[JsonSerializable(typeof(ErrorBody))]
[JsonSerializable(typeof(ValidationErrorBody))]
public sealed partial class ContractJson : JsonSerializerContext
{
    /// <summary>
    /// What the server writes with. Only what JSON itself demands is escaped: bodies are served as
    /// <c>application/json</c> and never put into HTML, and a sentence with an apostrophe is read by people in a shell.
    /// </summary>
    public static ContractJson Wire => Plain.Json;

    // In a class of its own: the static parts of this one have no order among each other.
    private static class Plain
    {
        public static readonly ContractJson Json = new(new JsonSerializerOptions(Default.GeneratedSerializerOptions!)
        {
            Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        });
    }
}
