namespace Hive.Wasm;

internal sealed partial class FunctionValidator
{
    /// <summary>Instructions after the prefix 0xFC: saturating conversions, bulk memory and tables.</summary>
    private void Bulk()
    {
        var opcode = _reader.U32();
        if (opcode < 8)
        {
            Plain(OpcodeTable.Saturating[opcode]!);
            return;
        }

        switch (opcode)
        {
            case 8:
                var initialized = DataIndex();
                CheckData(initialized);
                PopRange(Memory().Is64, ValueKind.I32, ValueKind.I32);
                break;
            case 9: CheckData(DataIndex()); break;
            case 10:
                var target = Memory();
                var source = Memory();
                PopRange(target.Is64, Kind(source.Is64), Kind(target.Is64 && source.Is64));
                break;
            case 11:
                var filled = Memory();
                PopRange(filled.Is64, ValueKind.I32, Kind(filled.Is64));
                break;
            case 12:
                var segment = Element(_reader.U32());
                var table = Table();
                if (!segment.Type.IsSubtypeOf(table.Element)) throw Invalid("type mismatch: the segment's type is not the table's");
                PopRange(table.Is64, ValueKind.I32, ValueKind.I32);
                break;
            case 13: Element(_reader.U32()); break;
            case 14:
                var to = Table();
                var from = Table();
                if (!from.Element.IsSubtypeOf(to.Element)) throw Invalid("type mismatch: the tables' types differ");
                PopRange(to.Is64, Kind(from.Is64), Kind(to.Is64 && from.Is64));
                break;
            case 15:
                var grown = Table();
                _stack.Pop(Kind(grown.Is64));
                _stack.Pop(grown.Element);
                _stack.Push(grown.Is64 ? ValueType.I64 : ValueType.I32);
                break;
            case 16:
                _stack.Push(Table().Is64 ? ValueType.I64 : ValueType.I32);
                break;
            case 17:
                var cleared = Table();
                _stack.Pop(Kind(cleared.Is64));
                _stack.Pop(cleared.Element);
                _stack.Pop(Kind(cleared.Is64));
                break;
            default: throw new WasmDecodeException(_at, $"illegal opcode fc {opcode:x}");
        }
    }

    private void PopRange(bool is64, ValueKind second, ValueKind length)
    {
        _stack.Pop(length);
        _stack.Pop(second);
        _stack.Pop(Kind(is64));
    }

    private uint DataIndex()
    {
        var index = _reader.U32();
        return _module.DataCount >= 0 ? index : throw new WasmDecodeException(_at, "data count section required");
    }

    private void CheckData(uint index)
    {
        if (index >= (uint)_module.DataCount) throw Invalid($"unknown data segment {index}");
    }

    private ElementSegment Element(uint index) =>
        index < (uint)_module.Elements.Count ? _module.Elements[(int)index] : throw Invalid($"unknown elem segment {index}");

    private static ValueKind Kind(bool is64) => is64 ? ValueKind.I64 : ValueKind.I32;
}
