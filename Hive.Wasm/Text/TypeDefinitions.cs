namespace Hive.Wasm.Text;

/// <summary>Translates <c>type</c> and <c>rec</c> fields. Runs after all type identifiers are known, since types may refer to later ones.</summary>
internal sealed class TypeDefinitions(TextModule module)
{
    private readonly TokenReader _reader = module.Reader;
    private readonly TypeParser _types = new(module);
    private uint _next;

    /// <summary>Reads a field from its opening parenthesis on.</summary>
    public void Field()
    {
        if (!_reader.TryOpen("rec"u8))
        {
            Definition(module.Types.Section.Add(), alone: true);
            return;
        }

        module.Require(WasmFeatures.Subtyping);
        var group = new ByteWriter();
        uint count = 0;
        for (; !_reader.At(TokenKind.RightParenthesis); count++)
        {
            Definition(group, alone: false);
        }

        _reader.Close();
        var target = module.Types.Section.Add();
        target.Byte(0x4E);
        target.Unsigned(count);
        target.Bytes(group.Written);
    }

    private void Definition(ByteWriter target, bool alone)
    {
        _reader.Open("type"u8);
        _reader.TryIdentifier();
        if (!_reader.TryOpen("sub"u8))
        {
            Composite(target, standsForInline: alone);
        }
        else
        {
            module.Require(WasmFeatures.Subtyping);
            var final = _reader.TryKeyword("final"u8);
            var supertypes = new ByteWriter();
            uint count = 0;
            for (; module.Types.Index.AtIndex(_reader); count++)
            {
                supertypes.Unsigned(module.Types.Index.Resolve(_reader));
            }

            if (!final || count > 0)
            {
                target.Byte(final ? (byte)0x4F : (byte)0x50);
                target.Unsigned(count);
                target.Bytes(supertypes.Written);
            }

            Composite(target, standsForInline: alone && final && count == 0);
            _reader.Close();
        }

        _reader.Close();
        _next++;
    }

    private void Composite(ByteWriter target, bool standsForInline)
    {
        if (_reader.TryOpen("func"u8))
        {
            var signature = _types.Signature(new IndexSpace("parameter"));
            signature.Write(target);
            module.Types.Define(signature, standsForInline);
        }
        else if (_reader.TryOpen("struct"u8))
        {
            module.Require(WasmFeatures.GarbageCollection);
            Structure(target);
            module.Types.Define(null, standsForInline: false);
        }
        else if (_reader.TryOpen("array"u8))
        {
            module.Require(WasmFeatures.GarbageCollection);
            target.Byte(0x5E);
            FieldType(target);
            module.Types.Define(null, standsForInline: false);
        }
        else
        {
            throw _reader.Unexpected("`(func`, `(struct` or `(array`");
        }

        _reader.Close();
    }

    private void Structure(ByteWriter target)
    {
        var fields = module.Types.FieldsOf(_next);
        var encoded = new ByteWriter();
        while (_reader.TryOpen("field"u8))
        {
            if (_reader.TryIdentifier() is { } identifier)
            {
                fields.Declare(_reader, identifier);
                FieldType(encoded);
            }
            else
            {
                while (!_reader.At(TokenKind.RightParenthesis))
                {
                    fields.Declare(_reader, null);
                    FieldType(encoded);
                }
            }

            _reader.Close();
        }

        target.Byte(0x5F);
        target.Unsigned(fields.Count);
        target.Bytes(encoded.Written);
    }

    // fieldtype ::= storagetype | '(' 'mut' storagetype ')', where a storage type is a value type, i8 or i16.
    private void FieldType(ByteWriter target)
    {
        var mutable = _reader.TryOpen("mut"u8);
        if (_reader.TryKeyword("i8"u8))
        {
            target.Byte(0x78);
        }
        else if (_reader.TryKeyword("i16"u8))
        {
            target.Byte(0x77);
        }
        else
        {
            _types.ValueType(target);
        }

        if (mutable)
        {
            _reader.Close();
        }

        target.Byte(mutable ? (byte)1 : (byte)0);
    }
}
