using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Mooring.Server.Tests.Http;

namespace Mooring.Server.Tests.Logins;

/// <summary>What <c>prime login</c> does (contract, section 10), with a key pair of its own.</summary>
internal sealed class LoginClient : IDisposable
{
    private static readonly RSA Shared = RSA.Create(2_048);
    private readonly RSA _rsa = RSA.Create(2_048);
    private string _token = "";

    /// <summary>The body of a request that is good.</summary>
    public static string Body { get; } = BodyOf(Shared.ExportSubjectPublicKeyInfoPem());

    public string Code { get; private set; } = "";

    public string PublicKey => _rsa.ExportSubjectPublicKeyInfoPem();

    public static string BodyOf(string pem) =>
        JsonSerializer.Serialize(new Dictionary<string, string> { ["encryptionPublicKey"] = pem });

    /// <summary>The code of a new request, of which there are no others.</summary>
    public static async Task<string> NewCodeAsync(TestMooring mooring)
    {
        await ForgetAllAsync(mooring);
        using var client = new LoginClient();
        await client.AskAsync(mooring);
        return client.Code;
    }

    public static Task ForgetAllAsync(TestMooring mooring) => mooring.Database.WriteAsync(
        (db, ct) => db.LoginRequests.ExecuteDeleteAsync(ct), TestContext.Current.CancellationToken);

    public async Task AskAsync(TestMooring mooring)
    {
        var answer = (await mooring.SendAsync(
            "POST",
            "/api/v1/auth_challenge/generate",
            BodyOf(PublicKey),
            key: "",
            change: request => request.Headers.TryAddWithoutValidation(
                "User-Agent", "prime-cli/0.6.26 python/3.11.7"))).ShouldBe(200);
        answer.Object.Select(member => member.Key).ShouldBe(["challenge", "status_auth_token"]);
        Code = answer.Object["challenge"]!.GetValue<string>();
        _token = answer.Object["status_auth_token"]!.GetValue<string>();
    }

    /// <summary>Asks for the result, as every five seconds.</summary>
    public Task<Reply> PollAsync(TestMooring mooring, string? token = null) => mooring.SendAsync(
        "GET", $"/api/v1/auth_challenge/status?challenge={Code}", key: token ?? _token);

    /// <summary>The API key in an answer; null where there is none yet.</summary>
    public string? Open(Reply reply) => reply.ShouldBe(200).Object["result"]?.GetValue<string>() is { } text
        ? Open(Convert.FromBase64String(text))
        : null;

    /// <summary>The API key that is sealed.</summary>
    public string Open(byte[] sealedKey) =>
        Encoding.UTF8.GetString(_rsa.Decrypt(sealedKey, RSAEncryptionPadding.OaepSHA256));

    public void Dispose() => _rsa.Dispose();
}
