namespace Mooring.Cli.Configuration;

/// <summary>What the command line itself says of the server, each null where it says nothing.</summary>
/// <param name="Server">--server.</param>
/// <param name="KeyFile">--key-file.</param>
/// <param name="Context">--context.</param>
internal sealed record Wanted(string? Server, string? KeyFile, string? Context);

/// <summary>
/// Which server is meant and which key is for it. The command line goes before the environment, and that before the
/// configuration file; but a context named on the command line goes before the environment too. A key that the
/// configuration keeps for one server is never sent to another.
/// </summary>
internal sealed record Access
{
    public const string KeyVariable = "MOORING_API_KEY";
    public const string ServerVariable = "MOORING_SERVER";
    public const string ContextVariable = "MOORING_CONTEXT";
    public const string DefaultServer = "http://127.0.0.1:7070";

    private readonly string? _keyFile;
    private readonly string? _key;
    private readonly string? _foreign;

    private Access(string context, (string Value, string From) server, (string? File, string? Key, string From) key)
    {
        Context = context;
        ServerFrom = server.From;
        Server = Address(server.Value, server.From);
        (_keyFile, _key, KeyFrom) = key;
    }

    private Access(string context, (string Value, string From) server, string foreign)
        : this(context, server, (null, null, "nowhere")) => _foreign = foreign;

    public string Context { get; }

    public Uri Server { get; }

    public string ServerFrom { get; }

    public string KeyFrom { get; }

    /// <exception cref="CommandFailedException">No such context, or an address that is none.</exception>
    public static Access Of(Wanted wanted, Surroundings around)
    {
        var contexts = ConfigurationFile.Of(around).Read();
        var name = wanted.Context ?? around.Variable(ContextVariable);
        if (name is not null && !contexts.All.ContainsKey(name))
        {
            throw NoSuchContext(name, contexts);
        }

        name ??= contexts.Current;
        var context = contexts.All.GetValueOrDefault(name) ?? new Context();
        var variables = wanted.Context is null;
        var server = (wanted.Server, variables ? around.Variable(ServerVariable) : null, context.Server) switch
        {
            ({ } given, _, _) => (given, "--server"),
            (_, { } given, _) => (given, ServerVariable),
            (_, _, { } given) => (given, $"context {name}"),
            _ => (around.Variable(ServerVariable) ?? DefaultServer, "the default"),
        };
        if (wanted.KeyFile is not null)
        {
            return new Access(name, server, (wanted.KeyFile, null, "--key-file"));
        }

        var variable = around.Variable(KeyVariable);
        if (variable is not null && (variables || (context.KeyFile is null && context.Key is null)))
        {
            return new Access(name, server, (null, variable, KeyVariable));
        }

        return context switch
        {
            { KeyFile: null, Key: null } => new Access(name, server, (null, null, "nowhere")),
            _ when !IsSame(server.Item1, context.Server ?? DefaultServer) => new Access(
                name,
                server,
                $"the key of context {name} is for {context.Server ?? DefaultServer}, not for this server"),
            { KeyFile: { } file } => new Access(name, server, (file, null, $"{file}, named by context {name}")),
            _ => new Access(name, server, (null, context.Key, $"context {name}")),
        };
    }

    public static CommandFailedException NoSuchContext(string name, Contexts contexts) =>
        new(contexts.All.Count == 0
            ? $"there is no context {name}: make it with 'mooring config set server URL --context {name}'"
            : $"there is no context {name}, only {string.Join(", ", contexts.All.Keys.Order(StringComparer.Ordinal))}")
        {
            Code = ExitCode.NotFound,
        };

    /// <summary>An address that a server can have; null for any other text.</summary>
    public static Uri? AddressIn(string text) =>
        Uri.TryCreate(text, UriKind.Absolute, out var address)
        && (address.Scheme == Uri.UriSchemeHttp || address.Scheme == Uri.UriSchemeHttps)
        && address is { UserInfo: "", Query: "", Fragment: "" }
            ? address
            : null;

    /// <exception cref="CommandFailedException">There is none that may be used, with words what to do.</exception>
    public string ReadKey() => _keyFile is not null
        ? PrivateFile.Read(_keyFile).Trim()
        : _key?.Trim() ?? throw new CommandFailedException(
            $"{_foreign ?? "there is no API key"}. Name the file that holds one with --key-file, set {KeyVariable}, "
            + "or keep it with 'mooring config set key-file FILE'; the server wrote its first key to admin.key in its "
            + "data directory")
        {
            Code = ExitCode.NotAllowed,
        };

    private static bool IsSame(string one, string other) =>
        AddressIn(one) is { } left && AddressIn(other) is { } right
        && left.GetLeftPart(UriPartial.Path).TrimEnd('/') == right.GetLeftPart(UriPartial.Path).TrimEnd('/');

    private static Uri Address(string text, string from) => AddressIn(text) ?? throw new CommandFailedException(
        $"'{text}' ({from}) is no server's address; write it like {DefaultServer}, without user, query and fragment")
    {
        Code = ExitCode.Usage,
    };
}
