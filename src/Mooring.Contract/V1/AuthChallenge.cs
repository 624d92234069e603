using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization;

namespace Mooring.Contract.V1;

/// <summary>
/// Body of POST <c>/auth_challenge/generate</c> (contract, section 10; what <c>prime login</c> sends).
/// </summary>
public sealed record GenerateChallengeRequest
{
    /// <summary>
    /// An RSA public key of 2048 to 4096 bits, as PEM of its SubjectPublicKeyInfo (<c>BEGIN PUBLIC KEY</c>): what the
    /// API key is sealed with. Required.
    /// </summary>
    [Required]
    public string? EncryptionPublicKey { get; init; }
}

/// <summary>Answer of POST <c>/auth_challenge/generate</c>; snake_case as at the vendor.</summary>
public sealed record Challenge
{
    /// <summary>
    /// What is read to whoever approves the login, for example <c>KTM-4WX-9QF</c>; 10 minutes long.
    /// </summary>
    [JsonPropertyName("challenge")]
    public required string Code { get; init; }

    /// <summary>Who has this may ask for the result: the bearer token of GET <c>/auth_challenge/status</c>.</summary>
    [JsonPropertyName("status_auth_token")]
    public required string StatusAuthToken { get; init; }
}

/// <summary>Answer of GET <c>/auth_challenge/status</c>.</summary>
/// <param name="Result">
/// The API key under RSA-OAEP with SHA-256, base64; null until somebody approves the login. The same until it ends.
/// </param>
public sealed record ChallengeStatus(string? Result);
