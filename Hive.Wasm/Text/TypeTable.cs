namespace Hive.Wasm.Text;

/// <summary>What a <c>typeuse</c> stands for: a type's index and how many parameters it has.</summary>
internal readonly record struct TypeUse(uint Index, uint ParameterCount);

/// <summary>
/// The type section: explicit definitions first, then the function types that inline signatures imply, in the order they are met.
/// </summary>
internal sealed class TypeTable(TextModule module)
{
    private readonly List<Definition> _definitions = [];
    private readonly Dictionary<string, uint> _bySignature = new(StringComparer.Ordinal);
    private readonly Dictionary<uint, IndexSpace> _fields = [];

    public IndexSpace Index { get; } = new("type");

    public SectionWriter Section { get; } = new();

    /// <summary>Records the next explicit definition. Only a lone, final function type without supertypes can stand for an inline signature.</summary>
    public void Define(Signature? signature, bool standsForInline)
    {
        var index = (uint)_definitions.Count;
        _definitions.Add(new Definition(signature?.Key, signature?.ParameterCount ?? 0));
        if (signature is not null && standsForInline)
        {
            _bySignature.TryAdd(signature.Key, index);
        }
    }

    public IndexSpace FieldsOf(uint type)
    {
        if (!_fields.TryGetValue(type, out var fields))
        {
            _fields.Add(type, fields = new IndexSpace("field"));
        }

        return fields;
    }

    /// <summary>The parameter count of a defined function type; 0 for any other index, which validation refuses.</summary>
    public uint ParameterCount(uint type) => type < _definitions.Count ? _definitions[(int)type].ParameterCount : 0;

    /// <summary>The type with this signature, defined now if there is none yet.</summary>
    public TypeUse Implied(Signature signature)
    {
        if (!_bySignature.TryGetValue(signature.Key, out var index))
        {
            index = Index.Declare(module.Reader, null);
            Define(signature, standsForInline: true);
            signature.Write(Section.Add());
        }

        return new TypeUse(index, signature.ParameterCount);
    }

    /// <summary>Checks that an inline signature repeats the type that the same <c>typeuse</c> names.</summary>
    public void RequireSame(uint type, Signature signature, int offset)
    {
        if (type >= _definitions.Count || _definitions[(int)type].Key != signature.Key)
        {
            throw module.Error(offset, "inline function type differs from the type that is named with it: repeat it exactly, or leave it out");
        }
    }

    private readonly record struct Definition(string? Key, uint ParameterCount);
}
