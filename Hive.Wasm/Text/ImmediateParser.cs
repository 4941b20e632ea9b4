using System.Numerics;

namespace Hive.Wasm.Text;

/// <summary>Reads what follows a mnemonic and writes the instruction's encoding.</summary>
internal sealed class ImmediateParser(TextModule module, LabelScope labels, TypeParser types)
{
    private readonly TokenReader _reader = module.Reader;

    /// <summary>The local variables of the function being read.</summary>
    public IndexSpace Locals { get; set; } = new("local");

    public void Write(Instruction instruction, ByteWriter code)
    {
        module.Require(instruction.Feature);
        switch (instruction.Immediate)
        {
            case ImmediateKind.Select:
                Select(code);
                return;
            case ImmediateKind.CastType:
                Cast(instruction, code);
                return;
        }

        instruction.WriteOpcode(code);
        switch (instruction.Immediate)
        {
            case ImmediateKind.None:
                break;
            case ImmediateKind.Label:
                code.Unsigned(labels.Resolve(_reader));
                break;
            case ImmediateKind.LabelTable:
                LabelTable(code);
                break;
            case ImmediateKind.Function or ImmediateKind.FunctionReference:
                code.Unsigned(module.Functions.Resolve(_reader));
                break;
            case ImmediateKind.Local:
                code.Unsigned(Locals.Resolve(_reader));
                break;
            case ImmediateKind.Global:
                code.Unsigned(module.Globals.Resolve(_reader));
                break;
            case ImmediateKind.Tag:
                code.Unsigned(module.Tags.Resolve(_reader));
                break;
            case ImmediateKind.HeapType:
                types.HeapType(code);
                break;
            case ImmediateKind.I32:
                code.Signed((int)LiteralParser.Integer(_reader, 32));
                break;
            case ImmediateKind.I64:
                code.Signed((long)LiteralParser.Integer(_reader, 64));
                break;
            case ImmediateKind.F32:
                code.LittleEndian32(LiteralParser.Float32(_reader));
                break;
            case ImmediateKind.F64:
                code.LittleEndian64(LiteralParser.Float64(_reader));
                break;
            case ImmediateKind.V128:
                LiteralParser.Vector(_reader, code);
                break;
            case ImmediateKind.Lane:
                Lane(code);
                break;
            case ImmediateKind.Shuffle:
                Shuffle(code);
                break;
            case ImmediateKind.MemoryArgument:
                MemoryArgument(instruction, code, lane: false);
                break;
            case ImmediateKind.MemoryArgumentLane:
                MemoryArgument(instruction, code, lane: true);
                Lane(code);
                break;
            case ImmediateKind.BranchOnCast:
                BranchOnCast(code);
                break;
            default:
                Indices(instruction.Immediate, code);
                break;
        }
    }

    private void Indices(ImmediateKind kind, ByteWriter code)
    {
        switch (kind)
        {
            case ImmediateKind.CallIndirect:
                var called = Optional(module.Tables);
                code.Unsigned(types.TypeUse(null).Index);
                code.Unsigned(called);
                break;
            case ImmediateKind.Table:
                code.Unsigned(Optional(module.Tables));
                break;
            case ImmediateKind.TableCopy:
                Pair(module.Tables, code);
                break;
            case ImmediateKind.TableInit:
                SegmentThenPlace(module.Elements, module.Tables, code);
                break;
            case ImmediateKind.Element:
                code.Unsigned(module.Elements.Resolve(_reader));
                break;
            case ImmediateKind.Memory:
                code.Unsigned(Memory());
                break;
            case ImmediateKind.MemoryCopy:
                Pair(module.Memories, code);
                break;
            case ImmediateKind.MemoryInit:
                module.Sections.NeedsDataCount = true;
                SegmentThenPlace(module.DataSegments, module.Memories, code);
                break;
            case ImmediateKind.Data:
                module.Sections.NeedsDataCount = true;
                code.Unsigned(module.DataSegments.Resolve(_reader));
                break;
            case ImmediateKind.Type:
                code.Unsigned(module.Types.Index.Resolve(_reader));
                break;
            case ImmediateKind.TypeField:
                var type = module.Types.Index.Resolve(_reader);
                code.Unsigned(type);
                code.Unsigned(module.Types.FieldsOf(type).Resolve(_reader));
                break;
            case ImmediateKind.TypeLength:
                code.Unsigned(module.Types.Index.Resolve(_reader));
                code.Unsigned(_reader.Unsigned32("a length"));
                break;
            case ImmediateKind.TypeType:
                code.Unsigned(module.Types.Index.Resolve(_reader));
                code.Unsigned(module.Types.Index.Resolve(_reader));
                break;
            case ImmediateKind.TypeData:
                module.Sections.NeedsDataCount = true;
                code.Unsigned(module.Types.Index.Resolve(_reader));
                code.Unsigned(module.DataSegments.Resolve(_reader));
                break;
            case ImmediateKind.TypeElement:
                code.Unsigned(module.Types.Index.Resolve(_reader));
                code.Unsigned(module.Elements.Resolve(_reader));
                break;
            default:
                throw new InvalidOperationException($"Immediate {kind} has no reader.");
        }
    }

    private uint Optional(IndexSpace space) => space.AtIndex(_reader) ? space.Resolve(_reader) : 0;

    private uint Memory()
    {
        var index = Optional(module.Memories);
        module.Require(index == 0 ? WasmFeatures.None : WasmFeatures.MultipleMemories);
        return index;
    }

    private void Pair(IndexSpace space, ByteWriter code)
    {
        var given = space.AtIndex(_reader);
        var target = given ? space.Resolve(_reader) : 0;
        code.Unsigned(target);
        code.Unsigned(given ? space.Resolve(_reader) : 0);
    }

    // The text names the table or memory first and may leave it out; the binary format has the segment first.
    private void SegmentThenPlace(IndexSpace segments, IndexSpace places, ByteWriter code)
    {
        var isSegment = !places.AtIndex(_reader) || _reader.Following.Kind is not (TokenKind.Identifier or TokenKind.Atom)
            || (_reader.Following.Kind == TokenKind.Atom
                && IntegerLiteral.Natural(_reader.Text(_reader.Following), out _) == LiteralStatus.Malformed);
        var place = isSegment ? 0 : places.Resolve(_reader);
        code.Unsigned(segments.Resolve(_reader));
        code.Unsigned(place);
    }

    private void LabelTable(ByteWriter code)
    {
        var encoded = new ByteWriter();
        ulong count = 0;
        var last = labels.Resolve(_reader);
        while (_reader.At(TokenKind.Identifier) || _reader.AtNatural())
        {
            encoded.Unsigned(last);
            count++;
            last = labels.Resolve(_reader);
        }

        code.Unsigned(count);
        code.Bytes(encoded.Written);
        code.Unsigned(last);
    }

    private void Select(ByteWriter code)
    {
        if (!_reader.AtOpen("result"u8))
        {
            code.Byte(0x1B);
            return;
        }

        var results = types.Signature(null);
        code.Byte(0x1C);
        code.Unsigned(results.ResultCount);
        code.Bytes(results.Results.Written);
    }

    private void Lane(ByteWriter code) => code.Byte((byte)_reader.Natural(byte.MaxValue, "a lane number"));

    private void Shuffle(ByteWriter code)
    {
        for (var i = 0; i < 16; i++)
        {
            Lane(code);
        }
    }

    // memarg ::= ('offset=' u64)? ('align=' u64)?, after the memory it applies to.
    private void MemoryArgument(Instruction instruction, ByteWriter code, bool lane)
    {
        // Before a lane number, a lone number is the lane and not the memory.
        var memoryFollows = !lane || _reader.At(TokenKind.Identifier) || _reader.Following.Kind == TokenKind.Atom
            && _reader.Text(_reader.Following)[0] is var first && (char.IsAsciiDigit((char)first)
                || _reader.Text(_reader.Following).StartsWith("offset="u8) || _reader.Text(_reader.Following).StartsWith("align="u8));
        var memory = memoryFollows ? Memory() : 0;
        var offset = Assigned("offset="u8, out _) ?? 0;
        var alignment = Assigned("align="u8, out var place) ?? 1UL << instruction.AlignmentLog2;
        if (!BitOperations.IsPow2(alignment))
        {
            throw module.Error(place, "alignment must be a power of two");
        }

        var flags = (uint)BitOperations.Log2(alignment);
        if (memory != 0)
        {
            code.Unsigned(flags | 0x40);
            code.Unsigned(memory);
        }
        else
        {
            code.Unsigned(flags);
        }

        code.Unsigned(offset);
    }

    private ulong? Assigned(ReadOnlySpan<byte> key, out int place)
    {
        place = _reader.Current.Start;
        if (!_reader.At(TokenKind.Atom) || !_reader.Text(_reader.Current).StartsWith(key))
        {
            return null;
        }

        var status = IntegerLiteral.Natural(_reader.Text(_reader.Current)[key.Length..], out var value);
        if (status != LiteralStatus.Parsed)
        {
            throw status == LiteralStatus.Malformed
                ? _reader.Unexpected("an unsigned number after `=`")
                : module.Error(place, "constant out of range: at most 18446744073709551615");
        }

        _reader.Advance();
        return value;
    }

    private void Cast(Instruction instruction, ByteWriter code)
    {
        var target = new ByteWriter();
        var nullable = types.CastTarget(target);
        (instruction with { Opcode = instruction.Opcode + (nullable ? 1u : 0) }).WriteOpcode(code);
        code.Bytes(target.Written);
    }

    private void BranchOnCast(ByteWriter code)
    {
        var label = labels.Resolve(_reader);
        var heapTypes = new ByteWriter();
        var fromNullable = types.CastTarget(heapTypes);
        var toNullable = types.CastTarget(heapTypes);
        code.Byte((byte)((fromNullable ? 1 : 0) | (toNullable ? 2 : 0)));
        code.Unsigned(label);
        code.Bytes(heapTypes.Written);
    }
}
