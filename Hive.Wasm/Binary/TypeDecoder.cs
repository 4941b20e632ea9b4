namespace Hive.Wasm;

/// <summary>Reads types. A type index is resolved at once, so types must be read in the module's order.</summary>
internal sealed class TypeDecoder(Engine engine)
{
    private readonly List<FunctionType> _types = [];

    public FunctionType[] Types => [.. _types];

    public void Section(ref ByteReader reader)
    {
        var count = reader.Count(engine.Config.MaxEntries);
        for (var i = 0; i < count; i++)
        {
            if (reader.Peek() == 0x4e)
            {
                reader.Byte();
                Group(ref reader, reader.Count(engine.Config.MaxEntries));
            }
            else
            {
                Group(ref reader, 1);
            }
        }
    }

    private void Group(ref ByteReader reader, int count)
    {
        var group = new FunctionType[count];
        for (var i = 0; i < count; i++) group[i] = engine.Types.NewType();
        var first = _types.Count;
        _types.AddRange(group);
        for (var i = 0; i < count; i++) Subtype(ref reader, group[i], first + i);
        var canonical = engine.Types.Intern(group);
        for (var i = 0; i < count; i++) _types[first + i] = canonical[i];
        foreach (var type in canonical)
        {
            if (type.Supertype is { } supertype) CheckSubtype(reader.Position, type, supertype);
        }
    }

    private void Subtype(ref ByteReader reader, FunctionType type, int index)
    {
        var form = reader.Byte();
        if (form is 0x50 or 0x4f)
        {
            type.IsFinal = form == 0x4f;
            var supertypes = reader.Count(engine.Config.MaxEntries);
            for (var i = 0; i < supertypes; i++)
            {
                var super = reader.U32();
                if (supertypes > 1 || super >= index) throw Invalid(reader.Position, "sub type");
                type.Supertype = _types[(int)super];
            }

            form = reader.Byte();
        }

        switch (form)
        {
            case 0x60:
                type.ParameterArray = List(ref reader);
                type.ResultArray = List(ref reader);
                break;
            case 0x5e or 0x5f:
                for (var fields = form == 0x5e ? 1 : reader.Count(engine.Config.MaxEntries); fields > 0; fields--) Field(ref reader);
                throw Invalid(reader.Position, "structures and arrays (garbage collection) are not supported");
            default:
                throw reader.Error("malformed definition type");
        }
    }

    /// <summary>A field of a structure or array, read only to tell the malformed from the unsupported.</summary>
    private void Field(ref ByteReader reader)
    {
        if (reader.Peek() is 0x77 or 0x78) reader.Byte();
        else Value(ref reader);
        if (reader.Byte() > 1) throw reader.Error("malformed mutability");
    }

    private ValueType[] List(ref ByteReader reader)
    {
        var types = new ValueType[reader.Count(engine.Config.MaxParameters)];
        for (var i = 0; i < types.Length; i++) types[i] = Value(ref reader);
        return types;
    }

    /// <summary>A value type: <c>i32 | i64 | f32 | f64 | v128 | reftype</c>.</summary>
    public ValueType Value(ref ByteReader reader)
    {
        switch (reader.Peek())
        {
            case 0x7f:
                reader.Byte();
                return ValueType.I32;
            case 0x7e:
                reader.Byte();
                return ValueType.I64;
            case 0x7d:
                reader.Byte();
                return ValueType.F32;
            case 0x7c:
                reader.Byte();
                return ValueType.F64;
            case 0x7b:
                if (!engine.Config.Simd) throw Invalid(reader.Position, "vectors are switched off");
                reader.Byte();
                return ValueType.V128;
            default:
                return Reference(ref reader);
        }
    }

    /// <summary>A reference type: <c>0x63 heaptype | 0x64 heaptype | shorthand</c>.</summary>
    public ValueType Reference(ref ByteReader reader)
    {
        var first = reader.Byte();
        if (first is 0x63 or 0x64) return Heap(ref reader, nullable: first == 0x63);
        if (AbstractHeap(first) is not { } heap)
        {
            reader.Position--;
            throw reader.Error("malformed reference type");
        }

        return ValueType.Reference(heap, nullable: true);
    }

    /// <summary>A heap type: a type index, or an abstract one.</summary>
    public ValueType Heap(ref ByteReader reader, bool nullable)
    {
        var at = reader.Position;
        var code = reader.S33();
        if (code >= 0) return ValueType.Reference(Resolve(at, code), nullable);
        if (code < -64 || AbstractHeap((byte)(code & 0x7f)) is not { } heap) throw new WasmDecodeException(at, "malformed heap type");
        return ValueType.Reference(heap, nullable);
    }

    public FunctionType Index(ref ByteReader reader)
    {
        var at = reader.Position;
        return Resolve(at, reader.U32());
    }

    private FunctionType Resolve(int at, long index) => index < _types.Count ? _types[(int)index] : throw Invalid(at, $"unknown type {index}");

    private static HeapKind? AbstractHeap(byte code) => code switch
    {
        0x70 => HeapKind.Func,
        0x6f => HeapKind.Extern,
        0x69 => HeapKind.Exn,
        0x73 => HeapKind.NoFunc,
        0x72 => HeapKind.NoExtern,
        0x74 => HeapKind.NoExn,
        0x6e => HeapKind.Any,
        0x6d => HeapKind.Eq,
        0x6c => HeapKind.I31,
        0x6b => HeapKind.Struct,
        0x6a => HeapKind.Array,
        0x71 => HeapKind.NoneAny,
        _ => null,
    };

    private static void CheckSubtype(int at, FunctionType type, FunctionType supertype)
    {
        var fits = !supertype.IsFinal && type.ParameterArray.Length == supertype.ParameterArray.Length
            && type.ResultArray.Length == supertype.ResultArray.Length;
        for (var i = 0; fits && i < type.ParameterArray.Length; i++) fits = supertype.ParameterArray[i].IsSubtypeOf(type.ParameterArray[i]);
        for (var i = 0; fits && i < type.ResultArray.Length; i++) fits = type.ResultArray[i].IsSubtypeOf(supertype.ResultArray[i]);
        if (!fits) throw Invalid(at, "sub type does not match its super type");
    }

    private static WasmValidationException Invalid(int at, string rule) => new(at, -1, rule);
}
