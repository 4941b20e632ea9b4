namespace Hive.Wasm;

internal sealed partial class ModuleDecoder
{
    /// <summary>An element segment: bit 0 of its flag says passive or declarative, bit 1 an explicit table or declarative, bit 2 expressions.</summary>
    private void ElementEntry()
    {
        var at = _reader.Position;
        var flags = _reader.U32();
        if (flags > 7) throw new WasmDecodeException(at, "malformed elements segment kind");
        var mode = (flags & 1) == 0 ? SegmentMode.Active : (flags & 2) == 0 ? SegmentMode.Passive : SegmentMode.Declarative;
        var table = mode == SegmentMode.Active && (flags & 2) != 0 ? (int)Math.Min(_reader.U32(), int.MaxValue) : 0;
        var offset = mode == SegmentMode.Active ? Constant() : default;
        var usesExpressions = (flags & 4) != 0;
        var type = usesExpressions ? ValueType.FuncRef : ValueType.Reference(HeapKind.Func, nullable: false);
        if ((flags & 3) != 0)
        {
            if (usesExpressions) type = _types.Reference(ref _reader);
            else if (_reader.Byte() != 0) throw _reader.Error("malformed element kind");
        }

        var count = _reader.Count(_config.MaxTableElements);
        if (usesExpressions)
        {
            var expressions = new ConstantExpression[count];
            for (var i = 0; i < count; i++) expressions[i] = Constant();
            _module.Elements.Add(new ElementSegment(mode, table, offset, type, null, expressions, at));
        }
        else
        {
            var functions = new int[count];
            for (var i = 0; i < count; i++)
            {
                functions[i] = FunctionIndex();
                _module.DeclaredFunctions.Add(functions[i]);
            }

            _module.Elements.Add(new ElementSegment(mode, table, offset, type, functions, null, at));
        }
    }

    private void Data()
    {
        _hasData = true;
        var count = _reader.Count(_config.MaxEntries);
        if (_module.DataCount >= 0 && _module.DataCount != count) throw _reader.Error("data count and data section have inconsistent lengths");
        for (var i = 0; i < count; i++)
        {
            var at = _reader.Position;
            var flags = _reader.U32();
            if (flags > 2) throw new WasmDecodeException(at, "malformed data segment kind");
            var memory = flags == 2 ? (int)Math.Min(_reader.U32(), int.MaxValue) : 0;
            var mode = flags == 1 ? SegmentMode.Passive : SegmentMode.Active;
            var offset = mode == SegmentMode.Active ? Constant() : default;
            var length = _reader.U32();
            var start = _reader.Position;
            _reader.Span(length);
            _module.Data.Add(new DataSegment(mode, memory, offset, start, (int)length, at));
        }
    }

    private void Code()
    {
        _hasCode = true;
        var count = _reader.Count(_config.MaxEntries);
        if (count != _declared.Count) throw _reader.Error("function and code section have inconsistent lengths");
        _module.Bodies = new FunctionBody[count];
        for (var i = 0; i < count; i++) _module.Bodies[i] = Body(_module.ImportedFunctions + i);
    }

    private FunctionBody Body(int function)
    {
        var at = _reader.Position;
        var size = _reader.U32();
        if (size > (uint)(_reader.End - _reader.Position)) throw _reader.Error("unexpected end, length out of bounds");
        if (size > _config.MaxFunctionBytes)
            throw new WasmValidationException(at, function, $"the body has {size} bytes; the limit is {_config.MaxFunctionBytes}");
        var end = _reader.Position + (int)size;
        var body = new ByteReader(_module.Bytes, _reader.Position, end);
        var runs = new LocalRun[body.Count(_config.MaxEntries)];
        ulong total = 0;
        for (var i = 0; i < runs.Length; i++)
        {
            var locals = body.U32();
            total += locals;
            if (total > uint.MaxValue) throw body.Error("too many locals");
            runs[i] = new LocalRun((int)Math.Min(locals, int.MaxValue), _types.Value(ref body));
        }

        total += (ulong)_module.Functions[function].ParameterArray.Length;
        if (total > (ulong)_config.MaxLocals) throw new WasmValidationException(at, function, $"{total} locals exceed the limit of {_config.MaxLocals}");
        _reader.Position = end;
        return new FunctionBody(runs, (int)total, body.Position, end);
    }

    /// <summary>
    /// Delimits a constant expression: only its instructions may occur, none of which nests. Functions that it refers to
    /// become declared. Types are checked by the validator.
    /// </summary>
    private ConstantExpression Constant()
    {
        var start = _reader.Position;
        while (true)
        {
            var at = _reader.Position;
            var opcode = _reader.Byte();
            switch (opcode)
            {
                case 0x0b: return new ConstantExpression(start, _reader.Position);
                case 0x41: _reader.S32(); break;
                case 0x42: _reader.S64(); break;
                case 0x43: _reader.F32Bits(); break;
                case 0x44: _reader.F64Bits(); break;
                case 0x23: _reader.U32(); break;
                case 0xd0: _types.Heap(ref _reader, nullable: true); break;
                case 0xd2: _module.DeclaredFunctions.Add(FunctionIndex()); break;
                case 0x6a or 0x6b or 0x6c or 0x7c or 0x7d or 0x7e: break;
                case 0xfd when _reader.U32() == 0x0c: _reader.Span(16); break;
                case 0x06 or 0x07 or 0x09 or 0x16 or 0x17 or 0x18 or 0x19 or 0x27 or (>= 0x1d and <= 0x1e) or (>= 0xc5 and <= 0xcf) or (>= 0xd7 and <= 0xfa) or 0xfe or 0xff:
                    throw new WasmDecodeException(at, $"illegal opcode {opcode:x2}");
                default: throw new WasmValidationException(at, -1, "constant expression required");
            }
        }
    }
}
