using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;
using System.Runtime.InteropServices;

namespace Mooring.Tidy.Tests.Assemblies;

/// <summary>
/// An assembly as it was compiled, read without being loaded (ECMA-335, partition II). Names are
/// <c>Namespace.Outer+Inner</c> for types and <c>TYPE::MEMBER</c> for members.
/// </summary>
internal sealed class CompiledAssembly
{
    private static readonly Lazy<CompiledAssembly> LazyServer = new(() => Load("Mooring.Server"));

    private readonly PEReader _file;
    private readonly MetadataReader _reader;
    private readonly Dictionary<string, TypeDefinitionHandle> _types;

    private CompiledAssembly(PEReader file)
    {
        _file = file;
        _reader = file.GetMetadataReader();
        _types = _reader.TypeDefinitions.ToDictionary(handle => _reader.NameOf(handle));
    }

    public static CompiledAssembly Server => LazyServer.Value;

    /// <summary>Names of the assemblies that it refers to.</summary>
    public IEnumerable<string> References =>
        _reader.AssemblyReferences.Select(handle => _reader.GetString(_reader.GetAssemblyReference(handle).Name));

    public IEnumerable<string> TypeNames => _types.Keys;

    /// <summary>The assembly of that name beside this test's own.</summary>
    public static CompiledAssembly Load(string name) => new(new PEReader(
        ImmutableCollectionsMarshal.AsImmutableArray(
            File.ReadAllBytes(Path.Combine(AppContext.BaseDirectory, $"{name}.dll")))));

    /// <summary>Types and members that the types use, compiler-made parts of theirs included.</summary>
    public Uses UsesOf(Func<string, bool> isAsked) => Collect(isAsked, isFollowed: false);

    /// <summary>The same, and what every method of this assembly uses that they call, directly or not.</summary>
    public Uses ReachOf(Func<string, bool> isAsked) => Collect(isAsked, isFollowed: true);

    public IEnumerable<string> TypesUsedByNamespace(string name) =>
        UsesOf(type => type.StartsWith(name + ".", StringComparison.Ordinal)).Types.Keys;

    private Uses Collect(Func<string, bool> isAsked, bool isFollowed)
    {
        var walk = new Walk(_reader, _file, _types, isFollowed);
        foreach (var (name, handle) in _types)
        {
            if (isAsked(name.Split('+')[0]))
            {
                walk.AddType(name, handle);
            }
        }

        return walk.Run();
    }
}

/// <summary>What is used, each with one of those who use it.</summary>
internal sealed record Uses(IReadOnlyDictionary<string, string> Types, IReadOnlyDictionary<string, string> Members)
{
    /// <summary>Sentences for those that a rule forbids.</summary>
    public IEnumerable<string> Where(Func<string, bool> isForbidden) =>
        from use in Types.Concat(Members)
        where isForbidden(use.Key)
        select $"{use.Value} uses {use.Key}";
}

internal static class MetadataNames
{
    public static string NameOf(this MetadataReader reader, TypeDefinitionHandle handle)
    {
        var type = reader.GetTypeDefinition(handle);
        var name = reader.GetString(type.Name);
        return type.GetDeclaringType() is { IsNil: false } outer
            ? $"{reader.NameOf(outer)}+{name}"
            : Join(reader.GetString(type.Namespace), name);
    }

    public static string NameOf(this MetadataReader reader, TypeReferenceHandle handle)
    {
        var type = reader.GetTypeReference(handle);
        var name = reader.GetString(type.Name);
        return type.ResolutionScope is { Kind: HandleKind.TypeReference } outer
            ? $"{reader.NameOf((TypeReferenceHandle)outer)}+{name}"
            : Join(reader.GetString(type.Namespace), name);
    }

    private static string Join(string space, string name) => space.Length == 0 ? name : $"{space}.{name}";
}
