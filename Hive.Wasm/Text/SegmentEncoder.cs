namespace Hive.Wasm.Text;

/// <summary>Translates element and data segments, those that stand inside a table or memory included.</summary>
internal sealed class SegmentEncoder(TextModule module, TypeParser types, InstructionParser instructions)
{
    // Flags of an element segment in the binary format.
    private const byte Passive = 1, ExplicitTable = 2, Declarative = 3, Expressions = 4;
    private const byte FunctionReference = 0x70;

    private readonly TokenReader _reader = module.Reader;
    private readonly SectionWriter _elements = module.Sections.Elements;
    private readonly SectionWriter _data = module.Sections.Data;

    /// <param name="Count">How many elements there are.</param>
    /// <param name="Type">The reference type of expressions; null where the list is of function indices.</param>
    /// <param name="Encoded">The function indices or expressions.</param>
    private sealed record ElementList(uint Count, byte[]? Type, ByteWriter Encoded);

    /// <summary><c>elem</c>: active with an offset, passive, or declarative.</summary>
    public void Element()
    {
        _reader.TryIdentifier();
        if (_reader.TryKeyword("declare"u8))
        {
            Write(Declarative, null, List(mayBeBare: false));
        }
        else if (!_reader.AtOpen("table"u8) && (types.AtReferenceType() || !_reader.At(TokenKind.LeftParenthesis)))
        {
            Write(Passive, null, List(mayBeBare: false));
        }
        else
        {
            uint table = 0;
            if (_reader.TryOpen("table"u8))
            {
                table = module.Tables.Resolve(_reader);
                _reader.Close();
            }

            var offset = Offset();
            WriteActive(table, offset, List(mayBeBare: true));
        }
    }

    /// <summary>The elements that a table definition lists; returns their number.</summary>
    public uint InlineElements(uint table, bool wideAddress, ReadOnlySpan<byte> type)
    {
        var plain = type.SequenceEqual([FunctionReference]);
        var list = _reader.At(TokenKind.LeftParenthesis) ? ExpressionList(type.ToArray())
            : plain ? FunctionList()
            : FunctionExpressions(type.ToArray());
        WriteActive(table, Zero(wideAddress), list);
        return list.Count;
    }

    /// <summary><c>data</c>: active with an offset, or passive.</summary>
    public void Data()
    {
        _reader.TryIdentifier();
        var content = new ByteWriter();
        if (!_reader.At(TokenKind.LeftParenthesis))
        {
            _reader.Strings(content);
            var passive = _data.Add();
            passive.Byte(Passive);
            passive.Vector(content.Written);
            return;
        }

        uint memory = 0;
        if (_reader.TryOpen("memory"u8))
        {
            memory = module.Memories.Resolve(_reader);
            _reader.Close();
        }

        var offset = Offset();
        _reader.Strings(content);
        WriteData(memory, offset, content);
    }

    /// <summary>The bytes that a memory definition lists; returns their number.</summary>
    public ulong InlineData(uint memory, bool wideAddress)
    {
        var content = new ByteWriter();
        _reader.Strings(content);
        WriteData(memory, Zero(wideAddress), content);
        return (ulong)content.Length;
    }

    private ElementList List(bool mayBeBare)
    {
        if (_reader.TryKeyword("func"u8))
        {
            return FunctionList();
        }

        if (types.AtReferenceType())
        {
            var type = new ByteWriter();
            types.ReferenceType(type);
            return ExpressionList(type.Written.ToArray());
        }

        return mayBeBare ? FunctionList() : throw _reader.Unexpected("`func` or a reference type");
    }

    private ElementList FunctionList()
    {
        var encoded = new ByteWriter();
        uint count = 0;
        for (; module.Functions.AtIndex(_reader); count++)
        {
            encoded.Unsigned(module.Functions.Resolve(_reader));
        }

        return new ElementList(count, null, encoded);
    }

    private ElementList FunctionExpressions(byte[] type)
    {
        const byte ReferenceToFunction = 0xD2, End = 0x0B;
        var encoded = new ByteWriter();
        uint count = 0;
        for (; module.Functions.AtIndex(_reader); count++)
        {
            encoded.Byte(ReferenceToFunction);
            encoded.Unsigned(module.Functions.Resolve(_reader));
            encoded.Byte(End);
        }

        return new ElementList(count, type, encoded);
    }

    private ElementList ExpressionList(byte[] type)
    {
        var encoded = new ByteWriter();
        uint count = 0;
        for (; _reader.At(TokenKind.LeftParenthesis); count++)
        {
            if (_reader.TryOpen("item"u8))
            {
                instructions.Sequence(encoded);
                _reader.Close();
            }
            else
            {
                instructions.FoldedExpression(encoded);
            }
        }

        return new ElementList(count, type, encoded);
    }

    private ByteWriter Offset()
    {
        var offset = new ByteWriter();
        if (_reader.TryOpen("offset"u8))
        {
            instructions.Sequence(offset);
            _reader.Close();
        }
        else
        {
            instructions.FoldedExpression(offset);
        }

        return offset;
    }

    private static ByteWriter Zero(bool wideAddress)
    {
        const byte Constant32 = 0x41, Constant64 = 0x42, End = 0x0B;
        var offset = new ByteWriter();
        offset.Bytes([wideAddress ? Constant64 : Constant32, 0, End]);
        return offset;
    }

    private void WriteActive(uint table, ByteWriter offset, ElementList list)
    {
        var shortForm = table == 0 && (list.Type is null || list.Type is [FunctionReference]);
        Write(shortForm ? (byte)0 : ExplicitTable, (table, offset), list);
    }

    private void Write(byte mode, (uint Table, ByteWriter Offset)? place, ElementList list)
    {
        const byte FunctionIndices = 0;
        var target = _elements.Add();
        target.Byte((byte)(mode | (list.Type is null ? 0 : Expressions)));
        if (mode == ExplicitTable)
        {
            target.Unsigned(place!.Value.Table);
        }

        if (place is { } active)
        {
            target.Bytes(active.Offset.Written);
        }

        if (mode != 0)
        {
            target.Bytes(list.Type ?? [FunctionIndices]);
        }

        target.Unsigned(list.Count);
        target.Bytes(list.Encoded.Written);
    }

    private void WriteData(uint memory, ByteWriter offset, ByteWriter content)
    {
        const byte ExplicitMemory = 2;
        var target = _data.Add();
        target.Byte(memory == 0 ? (byte)0 : ExplicitMemory);
        if (memory != 0)
        {
            module.Require(WasmFeatures.MultipleMemories);
            target.Unsigned(memory);
        }

        target.Bytes(offset.Written);
        target.Vector(content.Written);
    }
}
