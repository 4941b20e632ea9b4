namespace Hive.Wasm;

internal sealed partial class FunctionCompiler
{
    /// <summary>Passes over code that never runs. True at the <c>else</c> or <c>end</c> where code may run again.</summary>
    private bool ReadUnreachable(byte opcode)
    {
        switch (opcode)
        {
            case 0x02 or 0x03 or 0x04:
                BlockType();
                _skipDepth++;
                return false;
            case 0x1f:
                BlockType();
                SkipCatches();
                _skipDepth++;
                return false;
            case 0x05: return _skipDepth == 0;
            case 0x0b:
                if (_skipDepth == 0) return true;
                _skipDepth--;
                return false;
            default:
                SkipImmediates(opcode);
                return false;
        }
    }

    private void SkipCatches()
    {
        for (var count = _reader.U32(); count > 0; count--)
        {
            if (_reader.Byte() < 2) _reader.U32();
            _reader.U32();
        }
    }

    private void SkipImmediates(byte opcode)
    {
        switch (opcode)
        {
            case 0x08 or 0x0c or 0x0d or 0x10 or 0x12 or 0x14 or 0x15 or (>= 0x20 and <= 0x26) or 0x3f or 0x40 or 0xd2 or 0xd5 or 0xd6:
                _reader.U32();
                break;
            case 0x11 or 0x13:
                _reader.U32();
                _reader.U32();
                break;
            case 0x0e:
                for (var count = (long)_reader.U32() + 1; count > 0; count--) _reader.U32();
                break;
            case 0x1c:
                _reader.U32();
                _types.Value(ref _reader);
                break;
            case >= 0x28 and <= 0x3e: ReadMemoryArgument(); break;
            case 0x41: _reader.S32(); break;
            case 0x42: _reader.S64(); break;
            case 0x43: _reader.F32Bits(); break;
            case 0x44: _reader.F64Bits(); break;
            case 0xd0: _types.Heap(ref _reader, nullable: true); break;
            case 0xfc: SkipBulk(); break;
            case 0xfd: SkipVector(); break;
        }
    }

    private void SkipBulk()
    {
        var opcode = _reader.U32();
        if (opcode < 8) return;
        _reader.U32();
        if (opcode is 8 or 10 or 12 or 14) _reader.U32();
    }

    private void SkipVector()
    {
        switch (OpcodeTable.Vector[_reader.U32()]!.Immediate)
        {
            case Immediate.Memory: ReadMemoryArgument(); break;
            case Immediate.MemoryLane:
                ReadMemoryArgument();
                _reader.Byte();
                break;
            case Immediate.Lane: _reader.Byte(); break;
            case Immediate.Bytes16 or Immediate.Shuffle: _reader.Span(16); break;
        }
    }
}
