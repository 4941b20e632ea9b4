namespace Hive.Wasm.Text;

/// <summary>Reads value types, reference types, signatures and type uses: the specification's section "Types" of the text format.</summary>
internal sealed class TypeParser(TextModule module)
{
    private readonly TokenReader _reader = module.Reader;

    public bool AtReferenceType() => _reader.AtOpen("ref"u8) || (_reader.At(TokenKind.Atom) && Shorthand(_reader.Text(_reader.Current)) != 0);

    public void ValueType(ByteWriter target)
    {
        byte code = _reader.At(TokenKind.Atom) ? NumberOrVector(_reader.Text(_reader.Current)) : (byte)0;
        if (code == 0)
        {
            ReferenceType(target);
            return;
        }

        _reader.Advance();
        target.Byte(code);
    }

    public void ReferenceType(ByteWriter target)
    {
        if (_reader.TryOpen("ref"u8))
        {
            var nullable = _reader.TryKeyword("null"u8);
            Reference(nullable, target);
            _reader.Close();
            return;
        }

        byte code = _reader.At(TokenKind.Atom) ? Shorthand(_reader.Text(_reader.Current)) : (byte)0;
        if (code == 0)
        {
            throw _reader.Unexpected("a type");
        }

        RequireFeatureOf(code);
        _reader.Advance();
        target.Byte(code);
    }

    /// <summary>Reads <c>(ref null? heap type)</c> and writes only the heap type; tells whether null is among its values.</summary>
    public bool CastTarget(ByteWriter target)
    {
        if (_reader.TryOpen("ref"u8))
        {
            var nullable = _reader.TryKeyword("null"u8);
            HeapType(target);
            _reader.Close();
            return nullable;
        }

        // A shorthand such as `anyref` is `(ref null any)`, and its code is that of the heap type.
        ReferenceType(target);
        return true;
    }

    public void HeapType(ByteWriter target)
    {
        byte code = _reader.At(TokenKind.Atom) ? AbstractHeapType(_reader.Text(_reader.Current)) : (byte)0;
        if (code == 0)
        {
            module.Require(WasmFeatures.FunctionReferences);
            target.Signed(module.Types.Index.Resolve(_reader));
            return;
        }

        RequireFeatureOf(code);
        _reader.Advance();
        target.Byte(code);
    }

    /// <summary><c>valtype | '(' 'mut' valtype ')'</c>, written as the type and the mutability flag.</summary>
    public void GlobalType(ByteWriter target)
    {
        var mutable = _reader.TryOpen("mut"u8);
        ValueType(target);
        if (mutable)
        {
            _reader.Close();
        }

        target.Byte(mutable ? (byte)1 : (byte)0);
    }

    /// <summary><c>('(' 'param' … ')')* ('(' 'result' … ')')*</c>; parameters are declared in <paramref name="locals"/>, and only then may have names.</summary>
    public Signature Signature(IndexSpace? locals)
    {
        var signature = new Signature();
        while (_reader.TryOpen("param"u8))
        {
            if (locals is not null && _reader.TryIdentifier() is { } identifier)
            {
                locals.Declare(_reader, identifier);
                ValueType(signature.Parameters);
                signature.ParameterCount++;
            }
            else
            {
                var count = ValueTypes(signature.Parameters);
                signature.ParameterCount += count;
                locals?.DeclareUnnamed(count);
            }

            _reader.Close();
        }

        while (_reader.TryOpen("result"u8))
        {
            signature.ResultCount += ValueTypes(signature.Results);
            _reader.Close();
        }

        return !_reader.AtOpen("param"u8) ? signature : throw _reader.Unexpected("parameters before results");
    }

    /// <summary><c>('(' 'type' x ')')? param* result*</c></summary>
    public TypeUse TypeUse(IndexSpace? locals)
    {
        var start = _reader.Current.Start;
        var named = NamedType();
        var signature = Signature(locals);
        return named is not { } type ? module.Types.Implied(signature) : Check(type, signature, locals, start);
    }

    /// <summary>A block type: nothing, one result, or a type use.</summary>
    public void BlockType(ByteWriter target)
    {
        var start = _reader.Current.Start;
        var named = NamedType();
        var signature = Signature(null);
        if (named is { } type)
        {
            target.Signed(Check(type, signature, null, start).Index);
        }
        else if (signature.IsEmpty)
        {
            target.Byte(0x40);
        }
        else if (signature is { ParameterCount: 0, ResultCount: 1 })
        {
            target.Bytes(signature.Results.Written);
        }
        else
        {
            target.Signed(module.Types.Implied(signature).Index);
        }
    }

    public uint ValueTypes(ByteWriter target)
    {
        uint count = 0;
        while (!_reader.At(TokenKind.RightParenthesis))
        {
            ValueType(target);
            count++;
        }

        return count;
    }

    private uint? NamedType()
    {
        if (!_reader.TryOpen("type"u8))
        {
            return null;
        }

        var type = module.Types.Index.Resolve(_reader);
        _reader.Close();
        return type;
    }

    private TypeUse Check(uint type, Signature signature, IndexSpace? locals, int start)
    {
        var count = module.Types.ParameterCount(type);
        if (!signature.IsEmpty)
        {
            module.Types.RequireSame(type, signature, start);
        }
        else
        {
            locals?.DeclareUnnamed(count);
        }

        return new TypeUse(type, count);
    }

    private void Reference(bool nullable, ByteWriter target)
    {
        var heapType = new ByteWriter();
        HeapType(heapType);
        if (!nullable)
        {
            module.Require(WasmFeatures.FunctionReferences);
            target.Byte(0x64);
        }
        else if (heapType.Length > 1 || heapType.Written[0] < 0x40)
        {
            target.Byte(0x63);
        }

        target.Bytes(heapType.Written);
    }

    private void RequireFeatureOf(byte heapType)
    {
        const byte Function = 0x70, External = 0x6F, Exception = 0x69;
        module.Require(heapType switch
        {
            Function or External => WasmFeatures.None,
            Exception => WasmFeatures.Exceptions,
            _ => WasmFeatures.GarbageCollection,
        });
    }

    private static byte NumberOrVector(ReadOnlySpan<byte> name) => name switch
    {
        _ when name.SequenceEqual("i32"u8) => 0x7F,
        _ when name.SequenceEqual("i64"u8) => 0x7E,
        _ when name.SequenceEqual("f32"u8) => 0x7D,
        _ when name.SequenceEqual("f64"u8) => 0x7C,
        _ when name.SequenceEqual("v128"u8) => 0x7B,
        _ => 0,
    };

    private static byte AbstractHeapType(ReadOnlySpan<byte> name) => name switch
    {
        _ when name.SequenceEqual("func"u8) => 0x70,
        _ when name.SequenceEqual("extern"u8) => 0x6F,
        _ when name.SequenceEqual("any"u8) => 0x6E,
        _ when name.SequenceEqual("eq"u8) => 0x6D,
        _ when name.SequenceEqual("i31"u8) => 0x6C,
        _ when name.SequenceEqual("struct"u8) => 0x6B,
        _ when name.SequenceEqual("array"u8) => 0x6A,
        _ when name.SequenceEqual("exn"u8) => 0x69,
        _ when name.SequenceEqual("noexn"u8) => 0x74,
        _ when name.SequenceEqual("nofunc"u8) => 0x73,
        _ when name.SequenceEqual("noextern"u8) => 0x72,
        _ when name.SequenceEqual("none"u8) => 0x71,
        _ => 0,
    };

    private static byte Shorthand(ReadOnlySpan<byte> name) => name switch
    {
        _ when name.SequenceEqual("nullfuncref"u8) => 0x73,
        _ when name.SequenceEqual("nullexternref"u8) => 0x72,
        _ when name.SequenceEqual("nullexnref"u8) => 0x74,
        _ when name.SequenceEqual("nullref"u8) => 0x71,
        _ when name.EndsWith("ref"u8) && !name.StartsWith("no"u8) => AbstractHeapType(name[..^3]),
        _ => 0,
    };
}
