namespace Mooring.Server;

/// <summary>
/// This installation's 8 characters, part of every name at providers. Known once the first start is done.
/// </summary>
internal sealed class InstallationId
{
    private string? _value;

    public string Value
    {
        get => _value
            ?? throw new InvalidOperationException("The installation's id is not known before the first start.");
        set => _value = value;
    }
}
