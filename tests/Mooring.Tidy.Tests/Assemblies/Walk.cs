using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;

namespace Mooring.Tidy.Tests.Assemblies;

/// <summary>Goes through signatures and instructions of types and methods, and notes what they name.</summary>
internal sealed class Walk(
    MetadataReader reader, PEReader file, IReadOnlyDictionary<string, TypeDefinitionHandle> types, bool isFollowed)
{
    private readonly Dictionary<string, string> _types = [];
    private readonly Dictionary<string, string> _members = [];
    private readonly HashSet<MethodDefinitionHandle> _known = [];
    private readonly Queue<MethodDefinitionHandle> _waiting = [];

    public void AddType(string name, TypeDefinitionHandle handle)
    {
        var type = reader.GetTypeDefinition(handle);
        NoteType(type.BaseType, name);
        foreach (var implemented in type.GetInterfaceImplementations())
        {
            NoteType(reader.GetInterfaceImplementation(implemented).Interface, name);
        }

        foreach (var field in type.GetFields())
        {
            reader.GetFieldDefinition(field).DecodeSignature(NamesIn(name), null);
        }

        AddMethods(type);
    }

    public Uses Run()
    {
        while (_waiting.TryDequeue(out var handle))
        {
            Read(handle);
        }

        return new Uses(_types, _members);
    }

    private void AddMethods(TypeDefinition type)
    {
        foreach (var method in type.GetMethods())
        {
            Add(method);
        }
    }

    private void Add(MethodDefinitionHandle handle)
    {
        if (_known.Add(handle))
        {
            _waiting.Enqueue(handle);
        }
    }

    private void Read(MethodDefinitionHandle handle)
    {
        var method = reader.GetMethodDefinition(handle);
        var by = $"{reader.NameOf(method.GetDeclaringType())}::{reader.GetString(method.Name)}";
        var names = NamesIn(by);
        method.DecodeSignature(names, null);
        if (method.RelativeVirtualAddress == 0)
        {
            return;
        }

        var body = file.GetMethodBody(method.RelativeVirtualAddress);
        if (!body.LocalSignature.IsNil)
        {
            reader.GetStandaloneSignature(body.LocalSignature).DecodeLocalSignature(names, null);
        }

        foreach (var region in body.ExceptionRegions.Where(region => !region.CatchType.IsNil))
        {
            NoteType(region.CatchType, by);
        }

        foreach (var token in Instructions.Tokens(body.GetILReader()))
        {
            Note(token, by);
        }
    }

    private void Note(EntityHandle token, string by)
    {
        switch (token.Kind)
        {
            case HandleKind.MethodDefinition:
                NoteMethod((MethodDefinitionHandle)token, by);
                break;
            case HandleKind.MemberReference:
                NoteMember(reader.GetMemberReference((MemberReferenceHandle)token), by);
                break;
            case HandleKind.MethodSpecification:
                var specification = reader.GetMethodSpecification((MethodSpecificationHandle)token);
                specification.DecodeSignature(NamesIn(by), null);
                Note(specification.Method, by);
                break;
            case HandleKind.FieldDefinition:
                var field = reader.GetFieldDefinition((FieldDefinitionHandle)token);
                NoteName(reader.NameOf(field.GetDeclaringType()), by);
                field.DecodeSignature(NamesIn(by), null);
                break;
            case HandleKind.TypeDefinition or HandleKind.TypeReference or HandleKind.TypeSpecification:
                NoteType(token, by);
                break;
            default:
                break;
        }
    }

    private void NoteMethod(MethodDefinitionHandle handle, string by)
    {
        var method = reader.GetMethodDefinition(handle);
        var type = reader.NameOf(method.GetDeclaringType());
        NoteName(type, by);
        _members.TryAdd($"{type}::{reader.GetString(method.Name)}", by);
        if (isFollowed)
        {
            Add(handle);
        }
    }

    private void NoteMember(MemberReference member, string by)
    {
        List<string> of = [];
        switch (member.Parent.Kind)
        {
            case HandleKind.TypeReference:
                of.Add(reader.NameOf((TypeReferenceHandle)member.Parent));
                break;
            case HandleKind.TypeDefinition:
                of.Add(reader.NameOf((TypeDefinitionHandle)member.Parent));
                break;
            case HandleKind.TypeSpecification:
                reader.GetTypeSpecification((TypeSpecificationHandle)member.Parent)
                    .DecodeSignature(new SignatureNames(of.Add), null);
                break;
            default:
                break;
        }

        var names = NamesIn(by);
        if (member.GetKind() == MemberReferenceKind.Method)
        {
            member.DecodeMethodSignature(names, null);
        }
        else
        {
            member.DecodeFieldSignature(names, null);
        }

        var called = reader.GetString(member.Name);
        foreach (var name in of)
        {
            NoteName(name, by);
        }

        // The first is the type itself; the others are its arguments.
        if (of is [var owner, ..])
        {
            _members.TryAdd($"{owner}::{called}", by);
            FollowGeneric(owner, called);
        }
    }

    // A method of a generic type of this assembly: by its name, as its arguments may be type parameters.
    private void FollowGeneric(string owner, string called)
    {
        if (isFollowed && types.TryGetValue(owner, out var own))
        {
            foreach (var method in reader.GetTypeDefinition(own).GetMethods()
                .Where(method => reader.StringComparer.Equals(reader.GetMethodDefinition(method).Name, called)))
            {
                Add(method);
            }
        }
    }

    private void NoteType(EntityHandle handle, string by)
    {
        switch (handle.Kind)
        {
            case HandleKind.TypeDefinition when !handle.IsNil:
                NoteName(reader.NameOf((TypeDefinitionHandle)handle), by);
                break;
            case HandleKind.TypeReference:
                NoteName(reader.NameOf((TypeReferenceHandle)handle), by);
                break;
            case HandleKind.TypeSpecification:
                reader.GetTypeSpecification((TypeSpecificationHandle)handle).DecodeSignature(NamesIn(by), null);
                break;
            default:
                break;
        }
    }

    private SignatureNames NamesIn(string by) => new(name => NoteName(name, by));

    private void NoteName(string name, string by)
    {
        // What the compiler makes of lambdas, iterators and async methods belongs to the method that has them.
        if (_types.TryAdd(name, by)
            && name[(name.LastIndexOf('+') + 1)..].StartsWith('<')
            && types.TryGetValue(name, out var made))
        {
            AddType(by, made);
        }
    }
}
