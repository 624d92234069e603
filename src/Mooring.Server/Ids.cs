namespace Mooring.Server;

/// <summary>
/// An id that is stored and sent as text. Each kind is a type of its own, so that none is taken for another.
/// </summary>
internal interface ITextId<TSelf>
    where TSelf : struct, ITextId<TSelf>
{
    string Value { get; }

    static abstract TSelf From(string value);
}

/// <summary>A UUIDv7 as 32 lower-case hexadecimal digits (contract 4.1).</summary>
internal readonly record struct DiskId(string Value) : ITextId<DiskId>
{
    public static DiskId From(string value) => new(value);

    public override string ToString() => Value;
}

/// <summary>A UUIDv7 as 32 lower-case hexadecimal digits.</summary>
internal readonly record struct PodId(string Value) : ITextId<PodId>
{
    public static PodId From(string value) => new(value);

    public override string ToString() => Value;
}

/// <summary>One disk held by one pod; a UUIDv7 as 32 hexadecimal digits.</summary>
internal readonly record struct AttachmentId(string Value) : ITextId<AttachmentId>
{
    public static AttachmentId From(string value) => new(value);

    public override string ToString() => Value;
}

/// <summary>A machine of ours that runs pods.</summary>
internal readonly record struct HostId(string Value) : ITextId<HostId>
{
    public static HostId From(string value) => new(value);

    public override string ToString() => Value;
}

/// <summary>The paying user or team.</summary>
internal readonly record struct AccountId(string Value) : ITextId<AccountId>
{
    public static AccountId From(string value) => new(value);

    public override string ToString() => Value;
}

/// <summary>CUID-shaped, as the vendor's (contract, section 8).</summary>
internal readonly record struct UserId(string Value) : ITextId<UserId>
{
    public static UserId From(string value) => new(value);

    public override string ToString() => Value;
}

/// <summary>CUID-shaped: the vendor's CLI refuses others (contract, section 8).</summary>
internal readonly record struct TeamId(string Value) : ITextId<TeamId>
{
    public static TeamId From(string value) => new(value);

    public override string ToString() => Value;
}

/// <summary>CUID-shaped.</summary>
internal readonly record struct WalletId(string Value) : ITextId<WalletId>
{
    public static WalletId From(string value) => new(value);

    public override string ToString() => Value;
}

/// <summary>Our account at a provider.</summary>
internal readonly record struct ProviderAccountId(string Value) : ITextId<ProviderAccountId>
{
    public static ProviderAccountId From(string value) => new(value);

    public override string ToString() => Value;
}

/// <summary>CUID-shaped.</summary>
internal readonly record struct SshKeyId(string Value) : ITextId<SshKeyId>
{
    public static SshKeyId From(string value) => new(value);

    public override string ToString() => Value;
}
