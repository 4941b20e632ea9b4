using System.Buffers.Binary;
using System.Text;
using Hive.Wasm.Text;

namespace Hive.Wasm.Tests.Fuzz.Reference;

/// <summary>Reads the parts of a binary module that the reference interpreter knows.</summary>
internal sealed class ReferenceReader(byte[] bytes, int position, ReferenceModule module)
{
    private static readonly Dictionary<(byte, uint), Instruction> ByOpcode = InstructionTable.All.ToDictionary(i => (i.Prefix, i.Opcode));

    private int _position = position;
    private int _end = bytes.Length;

    public bool AtEnd => _position >= _end;

    public ReferenceReader Part(int length)
    {
        var part = new ReferenceReader(bytes, _position, module) { _end = _position + length };
        _position += length;
        return part;
    }

    public byte Byte() => bytes[_position++];

    public uint Unsigned()
    {
        ulong value = 0;
        for (var shift = 0; ; shift += 7)
        {
            var next = Byte();
            value |= (ulong)(next & 0x7F) << shift;
            if (next < 0x80)
            {
                return (uint)value;
            }
        }
    }

    public long Signed()
    {
        long value = 0;
        for (var shift = 0; ; shift += 7)
        {
            var next = Byte();
            value |= (long)(next & 0x7F) << shift;
            if (next < 0x80)
            {
                var used = shift + 7;
                return used < 64 ? value << (64 - used) >> (64 - used) : value;
            }
        }
    }

    public T[] Vector<T>(Func<ReferenceReader, T> read)
    {
        var items = new T[Unsigned()];
        for (var i = 0; i < items.Length; i++)
        {
            items[i] = read(this);
        }

        return items;
    }

    public string Name() => Encoding.UTF8.GetString(Vector(r => r.Byte()));

    public ValueKind ValueType() => Byte() switch
    {
        0x7F => ValueKind.I32,
        0x7E => ValueKind.I64,
        0x7D => ValueKind.F32,
        0x7C => ValueKind.F64,
        0x7B => ValueKind.V128,
        0x70 => ValueKind.FuncRef,
        0x6F => ValueKind.ExternRef,
        0x69 => ValueKind.ExnRef,
        var other => throw new ReferenceUnsupported($"value type 0x{other:x2}"),
    };

    public ReferenceType FunctionType() => Byte() == 0x60
        ? new ReferenceType(Vector(r => r.ValueType()), Vector(r => r.ValueType()))
        : throw new ReferenceUnsupported("types other than functions");

    public ReferenceLimits Limits() => Byte() switch
    {
        0 => new ReferenceLimits(Unsigned(), null),
        1 => new ReferenceLimits(Unsigned(), Unsigned()),
        _ => throw new ReferenceUnsupported("64-bit limits"),
    };

    public ReferenceImport Import() => new(
        Name(), Name(), Byte() == 0 ? Unsigned() : throw new ReferenceUnsupported("imports other than functions"));

    public ReferenceType Tag() => Byte() == 0 ? module.Types[(int)Unsigned()] : throw new ReferenceUnsupported("tags other than exceptions");

    public ReferenceElements Elements()
    {
        var flags = Unsigned();
        var active = (flags & 1) == 0;
        var expressions = (flags & 4) != 0;
        var table = active && (flags & 2) != 0 ? (int)Unsigned() : 0;
        var offset = active ? Expression() : null;

        // Neither the kind of indices nor the type of expressions changes what is put into the table.
        if ((flags & 3) != 0 && expressions)
        {
            ValueType();
        }
        else if ((flags & 3) != 0)
        {
            Byte();
        }

        var items = expressions
            ? Vector(r => r.Expression())
            : Vector(r => new[] { new ReferenceInstruction("ref.func") { A = r.Unsigned() }, new ReferenceInstruction("end") });
        return new ReferenceElements((flags & 3) == 3, table, offset, items);
    }

    public ReferenceData Data()
    {
        var flags = Unsigned();
        if (flags == 2 && Unsigned() != 0)
        {
            throw new ReferenceUnsupported("several memories");
        }

        return new ReferenceData(flags == 1 ? null : Expression(), Vector(r => r.Byte()));
    }

    public ReferenceBody Body()
    {
        var runs = Vector(r => (Count: r.Unsigned(), Kind: r.ValueType()));
        return new ReferenceBody([.. runs.SelectMany(r => Enumerable.Repeat(r.Kind, (int)r.Count))], Expression());
    }

    /// <summary>Instructions up to and including the <c>end</c> that closes the sequence.</summary>
    public ReferenceInstruction[] Expression()
    {
        var code = new List<ReferenceInstruction>();
        var open = new Stack<int>();
        while (true)
        {
            var instruction = Next();
            code.Add(instruction);
            switch (instruction.Name)
            {
                case "block" or "loop" or "if" or "try_table":
                    open.Push(code.Count - 1);
                    break;
                case "else":
                    code[open.Peek()].Else = code.Count - 1;
                    break;
                case "end" when open.Count == 0:
                    return [.. code];
                case "end":
                    Close(code, open.Pop());
                    break;
            }
        }
    }

    private static void Close(List<ReferenceInstruction> code, int block)
    {
        var end = code.Count - 1;
        code[block].End = end;
        if (code[block].Else == 0)
        {
            code[block].Else = end;
        }
        else
        {
            code[code[block].Else].End = end;
        }
    }

    private ReferenceInstruction Next()
    {
        var opcode = Byte();
        switch (opcode)
        {
            case 0x05:
                return new ReferenceInstruction("else");
            case 0x0B:
                return new ReferenceInstruction("end");
            case 0x1C:
                Vector(r => r.ValueType());
                return new ReferenceInstruction("select");
        }

        var key = opcode is 0xFC or 0xFD ? (opcode, Unsigned()) : ((byte)0, (uint)opcode);
        if (!ByOpcode.TryGetValue(key, out var entry) || entry.Feature is not (WasmFeatures.None or WasmFeatures.TailCalls or WasmFeatures.Exceptions))
        {
            throw new ReferenceUnsupported($"opcode {key}");
        }

        var instruction = new ReferenceInstruction(entry.Mnemonic)
        {
            Immediate = entry.Immediate,
            Numeric = entry.Immediate == ImmediateKind.None ? NumericOperation.For(entry.Mnemonic) : null,
            Access = MemoryAccess.For(entry.Mnemonic),
        };
        Immediates(instruction);
        return instruction;
    }

    private void Immediates(ReferenceInstruction instruction)
    {
        switch (instruction.Immediate)
        {
            case ImmediateKind.None or ImmediateKind.Select:
                break;
            case ImmediateKind.Block:
                instruction.BlockType = BlockType();
                instruction.Catches = instruction.Name == "try_table" ? Vector(r => r.Catch()) : [];
                break;
            case ImmediateKind.LabelTable:
                var labels = Vector(r => (int)r.Unsigned());
                instruction.Labels = [.. labels, (int)Unsigned()];
                break;
            case ImmediateKind.I32:
                instruction.A = (uint)Signed();
                break;
            case ImmediateKind.I64:
                instruction.A = (ulong)Signed();
                break;
            case ImmediateKind.F32:
                instruction.A = BinaryPrimitives.ReadUInt32LittleEndian(Raw(4));
                break;
            case ImmediateKind.F64:
                instruction.A = BinaryPrimitives.ReadUInt64LittleEndian(Raw(8));
                break;
            case ImmediateKind.V128 or ImmediateKind.Shuffle:
                instruction.Vector = BinaryPrimitives.ReadUInt128LittleEndian(Raw(16));
                break;
            case ImmediateKind.HeapType:
                instruction.A = (ulong)ValueType();
                break;
            case ImmediateKind.Lane:
                instruction.Lane = Byte();
                break;
            case ImmediateKind.MemoryArgument or ImmediateKind.MemoryArgumentLane:
                if (Unsigned() >= 0x40)
                {
                    throw new ReferenceUnsupported("several memories");
                }

                instruction.A = Unsigned();
                instruction.Lane = instruction.Immediate == ImmediateKind.MemoryArgumentLane ? Byte() : 0;
                break;
            case ImmediateKind.CallIndirect or ImmediateKind.TableCopy or ImmediateKind.TableInit or ImmediateKind.MemoryCopy or ImmediateKind.MemoryInit:
                (instruction.A, instruction.B) = (Unsigned(), Unsigned());
                break;
            default:
                instruction.A = Unsigned();
                break;
        }
    }

    private ReferenceCatch Catch()
    {
        var kind = Byte();
        int? tag = kind < 2 ? (int)Unsigned() : null;
        return new ReferenceCatch(tag, (kind & 1) == 1, (int)Unsigned());
    }

    private ReferenceType BlockType()
    {
        if (bytes[_position] == 0x40)
        {
            _position++;
            return new ReferenceType([], []);
        }

        return (bytes[_position] & 0xC0) == 0x40 ? new ReferenceType([], [ValueType()]) : module.Types[(int)Signed()];
    }

    private ReadOnlySpan<byte> Raw(int count)
    {
        _position += count;
        return bytes.AsSpan(_position - count, count);
    }
}
