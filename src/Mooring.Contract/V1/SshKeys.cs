using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization;

namespace Mooring.Contract.V1;

/// <summary>A public key that may log in to the user's instances (contract 11).</summary>
public sealed record SshKey
{
    /// <summary>The key's id.</summary>
    public required string Id { get; init; }

    /// <summary>Whose key it is.</summary>
    public required string UserId { get; init; }

    /// <summary>The user's name for it.</summary>
    public required string Name { get; init; }

    /// <summary>One line of the authorized_keys format, without options.</summary>
    public required string PublicKey { get; init; }

    /// <summary>Whether it is the user's main key.</summary>
    public required bool IsPrimary { get; init; }

    /// <summary>Whether the user added it, rather than the server.</summary>
    public required bool IsUserKey { get; init; }

    /// <summary>When it was added, UTC.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>When it last changed, UTC.</summary>
    public required DateTimeOffset UpdatedAt { get; init; }
}

/// <summary>Body of POST <c>/ssh_keys/</c>.</summary>
public sealed record CreateSshKeyRequest
{
    /// <summary>1 to 255 characters. Required.</summary>
    [Required]
    public string? Name { get; init; }

    /// <summary>One line, a known key type, no options. Required.</summary>
    [Required]
    public string? PublicKey { get; init; }
}

/// <summary>Body of PATCH <c>/ssh_keys/{id}</c>.</summary>
public sealed record UpdateSshKeyRequest
{
    /// <summary>Only true can be asked for: another key becomes primary by being made so.</summary>
    public bool? IsPrimary { get; init; }
}

/// <summary>Answer of PATCH <c>/ssh_keys/{id}</c>.</summary>
/// <param name="Message">In words.</param>
/// <param name="UpdatedFields">What changed.</param>
public sealed record SshKeyUpdated(
    string Message, [property: JsonPropertyName("updated_fields")] IReadOnlyList<string> UpdatedFields);

/// <summary>Answer of DELETE <c>/ssh_keys/{id}</c>.</summary>
/// <param name="Message">In words.</param>
public sealed record SshKeyDeleted(string Message);
