namespace Hive.Wasm;

internal sealed partial class FunctionValidator
{
    private void Block(byte opcode)
    {
        var (start, end) = BlockType();
        _hasLoops |= opcode == 0x03;
        _stack.Pop(start);
        PushFrame(opcode, start, end);
    }

    private void PushFrame(byte opcode, ValueType[] start, ValueType[] end)
    {
        if (_stack.FrameCount > _config.MaxNesting) throw Invalid($"blocks nest deeper than the limit of {_config.MaxNesting}");
        _stack.PushFrame(opcode, start, end, _initializedOrder.Count);
    }

    /// <summary>A block type: nothing, one result, or a type index.</summary>
    private (ValueType[] Start, ValueType[] End) BlockType()
    {
        var next = _reader.Peek();
        if (next == 0x40)
        {
            _reader.Byte();
            return ([], []);
        }

        if ((next & 0xc0) == 0x40)
        {
            var type = _types.Value(ref _reader);
            if (!_single.TryGetValue(type, out var single)) _single[type] = single = [type];
            return ([], single);
        }

        var index = _reader.S33();
        if (index < 0) throw new WasmDecodeException(_at, "malformed block type");
        var function = TypeAt((uint)Math.Min(index, uint.MaxValue));
        return (function.ParameterArray, function.ResultArray);
    }

    private void Else()
    {
        if (_stack.Top.Opcode != 0x04) throw new WasmDecodeException(_at, "ELSE without IF, END opcode expected");
        var frame = _stack.PopFrame();
        ForgetInitialized(frame.InitializedHeight);
        _stack.PushFrame(0x05, frame.Start, frame.End, _initializedOrder.Count);
    }

    private void End()
    {
        var frame = _stack.PopFrame();
        ForgetInitialized(frame.InitializedHeight);
        if (frame.Opcode == 0x04)
        {
            _stack.PushFrame(0x05, frame.Start, frame.End, _initializedOrder.Count);
            _stack.PopFrame();
        }

        if (_stack.FrameCount > 0) _stack.Push(frame.End);
    }

    private void ForgetInitialized(int height)
    {
        for (var i = _initializedOrder.Count - 1; i >= height; i--) _initialized[_initializedOrder[i]] = false;
        _initializedOrder.RemoveRange(height, _initializedOrder.Count - height);
    }

    private ref ControlFrame Label() => ref _stack.Frame(_reader.U32());

    private void BranchIf()
    {
        var label = Label().Label;
        _stack.Pop(ValueKind.I32);
        _stack.Pop(label);
        _stack.Push(label);
    }

    private void BranchTable()
    {
        var count = _reader.Count(int.MaxValue);
        if (count > _config.MaxBranchTableLabels) throw Invalid($"a branch table of {count} labels exceeds the limit of {_config.MaxBranchTableLabels}");
        _stack.Pop(ValueKind.I32);
        var seen = new HashSet<uint>();
        var arity = -1;
        for (var i = 0; i <= count; i++)
        {
            var depth = _reader.U32();
            if (!seen.Add(depth)) continue;
            var label = _stack.Frame(depth).Label;
            if (arity >= 0 && arity != label.Length) throw Invalid("type mismatch: the labels of a branch table differ in arity");
            arity = label.Length;
            _stack.Peek(label);
        }

        _stack.MarkUnreachable();
    }

    private void Call(byte opcode)
    {
        var isTail = opcode is 0x12 or 0x13 or 0x15;
        if (isTail && !_config.TailCalls) throw Invalid("tail calls are switched off");
        _hasCalls = true;
        FunctionType type;
        switch (opcode)
        {
            case 0x10 or 0x12:
                var index = _reader.U32();
                if (index >= (uint)_module.Functions.Count) throw Invalid($"unknown function {index}");
                type = _module.Functions[(int)index];
                break;
            case 0x11 or 0x13:
                type = TypeAt(_reader.U32());
                var table = Table();
                if (!table.Element.IsSubtypeOf(ValueType.FuncRef)) throw Invalid("type mismatch: an indirect call needs a table of functions");
                _stack.Pop(table.Is64 ? ValueKind.I64 : ValueKind.I32);
                break;
            default:
                type = TypeAt(_reader.U32());
                _stack.Pop(ValueType.Reference(type, nullable: true));
                break;
        }

        if (_config.Simd) CountVectors(type);
        _stack.Pop(type.ParameterArray);
        if (!isTail)
        {
            _stack.Push(type.ResultArray);
            return;
        }

        var results = _module.Functions[_function].ResultArray;
        var fits = results.Length == type.ResultArray.Length;
        for (var i = 0; fits && i < results.Length; i++) fits = type.ResultArray[i].IsSubtypeOf(results[i]);
        if (!fits) throw Invalid("type mismatch: a tail call's results are not the caller's");
        _stack.MarkUnreachable();
    }

    private void CountVectors(FunctionType type)
    {
        foreach (var parameter in type.ParameterArray)
        {
            if (parameter.Kind == ValueKind.V128) _vectorBytes += FunctionFacts.BytesPerVector;
        }

        foreach (var result in type.ResultArray)
        {
            if (result.Kind == ValueKind.V128) _vectorBytes += FunctionFacts.BytesPerVector;
        }
    }

    private void Select()
    {
        _stack.Pop(ValueKind.I32);
        var second = _stack.Pop();
        var first = _stack.Pop();
        if (first.IsReference || second.IsReference) throw Invalid("type mismatch: select needs its type for references");
        if (first != second && !first.IsBottom && !second.IsBottom) throw Invalid("type mismatch: the operands of select differ");
        _stack.Push(first.IsBottom ? second : first);
    }

    private void TypedSelect()
    {
        if (_reader.U32() != 1) throw Invalid("invalid result arity");
        var type = _types.Value(ref _reader);
        _stack.Pop(ValueKind.I32);
        _stack.Pop(type);
        _stack.Pop(type);
        _stack.Push(type);
    }

    private void Exceptions(byte opcode)
    {
        if (!_config.Exceptions) throw Invalid("exceptions are switched off");
        switch (opcode)
        {
            case 0x08:
                _stack.Pop(Tag().ParameterArray);
                _stack.MarkUnreachable();
                break;
            case 0x0a:
                _stack.Pop(ValueType.ExnRef);
                _stack.MarkUnreachable();
                break;
            default:
                TryTable();
                break;
        }

        _hasCalls = true;
    }

    private void TryTable()
    {
        var (start, end) = BlockType();
        _stack.Pop(start);
        var count = _reader.Count(_config.MaxBranchTableLabels);
        for (var i = 0; i < count; i++)
        {
            var kind = _reader.Byte();
            if (kind > 3) throw new WasmDecodeException(_at, "malformed catch clause");
            ValueType[] carried = kind < 2 ? Tag().ParameterArray : [];
            if ((kind & 1) != 0) carried = [.. carried, ValueType.Reference(HeapKind.Exn, nullable: false)];
            var label = Label().Label;
            var fits = label.Length == carried.Length;
            for (var v = 0; fits && v < label.Length; v++) fits = carried[v].IsSubtypeOf(label[v]);
            if (!fits) throw Invalid("type mismatch: a catch clause does not carry what its label takes");
        }

        PushFrame(0x1f, start, end);
    }

    private FunctionType Tag()
    {
        var index = _reader.U32();
        return index < (uint)_module.Tags.Count ? _module.Tags[(int)index] : throw Invalid($"unknown tag {index}");
    }

    private void References(byte opcode)
    {
        switch (opcode)
        {
            case 0xd0:
                _stack.Push(_types.Heap(ref _reader, nullable: true));
                break;
            case 0xd1:
                _stack.PopReference();
                _stack.Push(ValueType.I32);
                break;
            case 0xd2:
                var index = _reader.U32();
                if (index >= (uint)_module.Functions.Count) throw Invalid($"unknown function {index}");
                if (!_module.DeclaredFunctions.Contains((int)index)) throw Invalid($"undeclared function reference {index}");
                _stack.Push(ValueType.Reference(_module.Functions[(int)index], nullable: false));
                break;
            case 0xd4:
                _stack.Push(_stack.PopReference().AsNonNull());
                break;
            case 0xd5:
                var label = Label().Label;
                var reference = _stack.PopReference();
                _stack.Pop(label);
                _stack.Push(label);
                _stack.Push(reference.AsNonNull());
                break;
            case 0xd6:
                var carried = Label().Label;
                if (carried.Length == 0 || !carried[^1].IsReference) throw Invalid("type mismatch: the label takes no reference");
                _stack.Pop(carried[^1].AsNullable());
                _stack.Pop(carried[..^1]);
                _stack.Push(carried[..^1]);
                break;
            case 0xd3: throw Invalid("garbage collection instructions are not supported");
            default: throw new WasmDecodeException(_at, $"illegal opcode {opcode:x2}");
        }
    }
}
