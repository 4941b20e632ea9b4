using System.Reflection.Emit;
using System.Runtime.Intrinsics;

namespace Hive.Wasm;

internal sealed partial class FunctionCompiler
{
    private static readonly (ValueKind Kind, int Size, OpCode[] Codes)[] Loads =
    [
        (ValueKind.I32, 4, [OpCodes.Ldind_I4]),
        (ValueKind.I64, 8, [OpCodes.Ldind_I8]),
        (ValueKind.F32, 4, [OpCodes.Ldind_R4]),
        (ValueKind.F64, 8, [OpCodes.Ldind_R8]),
        (ValueKind.I32, 1, [OpCodes.Ldind_I1]),
        (ValueKind.I32, 1, [OpCodes.Ldind_U1]),
        (ValueKind.I32, 2, [OpCodes.Ldind_I2]),
        (ValueKind.I32, 2, [OpCodes.Ldind_U2]),
        (ValueKind.I64, 1, [OpCodes.Ldind_I1, OpCodes.Conv_I8]),
        (ValueKind.I64, 1, [OpCodes.Ldind_U1, OpCodes.Conv_U8]),
        (ValueKind.I64, 2, [OpCodes.Ldind_I2, OpCodes.Conv_I8]),
        (ValueKind.I64, 2, [OpCodes.Ldind_U2, OpCodes.Conv_U8]),
        (ValueKind.I64, 4, [OpCodes.Ldind_I4, OpCodes.Conv_I8]),
        (ValueKind.I64, 4, [OpCodes.Ldind_U4, OpCodes.Conv_U8]),
    ];

    private static readonly (int Size, OpCode Code)[] Stores =
    [
        (4, OpCodes.Stind_I4),
        (8, OpCodes.Stind_I8),
        (4, OpCodes.Stind_R4),
        (8, OpCodes.Stind_R8),
        (1, OpCodes.Stind_I1),
        (2, OpCodes.Stind_I2),
        (1, OpCodes.Stind_I1),
        (2, OpCodes.Stind_I2),
        (4, OpCodes.Stind_I4),
    ];

    private void Instruction(byte opcode)
    {
        if (NumericLowering.Single[opcode] is { } lowering)
        {
            Numeric(lowering, OpcodeTable.Single[opcode]!.Operands.Length);
            return;
        }

        switch (opcode)
        {
            case 0x00:
                Charge();
                _il.Emit(OpCodes.Br, Trap(TrapCode.Unreachable));
                _unreachable = true;
                break;
            case 0x01: break;
            case 0x02:
                var (start, end) = BlockType();
                Flush();
                PushFrame(0x02, start, end);
                break;
            case 0x03: Loop(); break;
            case 0x04: If(); break;
            case 0x05: Else(); break;
            case 0x08: Throw((int)_reader.U32()); break;
            case 0x0a: ThrowReference(); break;
            case 0x0b: End(); break;
            case 0x0c: Branch((int)_reader.U32()); break;
            case 0x0d: BranchIf((int)_reader.U32()); break;
            case 0x0e: BranchTable(); break;
            case 0x0f: Return(); break;
            case 0x10 or 0x12: Call((int)_reader.U32(), isTail: opcode == 0x12); break;
            case 0x11 or 0x13:
                var typeIndex = (int)_reader.U32();
                CallIndirect(typeIndex, (int)_reader.U32(), isTail: opcode == 0x13);
                break;
            case 0x14 or 0x15: CallReference(_module.Types[_reader.U32()], isTail: opcode == 0x15); break;
            case 0x1a: Drop(); break;
            case 0x1b: Select(); break;
            case 0x1c:
                _reader.U32();
                _types.Value(ref _reader);
                Select();
                break;
            case 0x1f: TryTable(); break;
            case 0x20: LocalGet((int)_reader.U32()); break;
            case 0x21: LocalSet((int)_reader.U32(), keep: false); break;
            case 0x22: LocalSet((int)_reader.U32(), keep: true); break;
            case 0x23: GlobalGet((int)_reader.U32()); break;
            case 0x24: GlobalSet((int)_reader.U32()); break;
            case 0x25: TableGet((int)_reader.U32()); break;
            case 0x26: TableSet((int)_reader.U32()); break;
            case >= 0x28 and <= 0x35:
                var load = Loads[opcode - 0x28];
                Load(load.Kind, load.Size, load.Codes);
                break;
            case >= 0x36 and <= 0x3e:
                var store = Stores[opcode - 0x36];
                Store(store.Size, store.Code);
                break;
            case 0x3f: MemorySize((int)_reader.U32()); break;
            case 0x40: MemoryGrow((int)_reader.U32()); break;
            case >= 0x41 and <= 0x44: Constant(opcode); break;
            case 0x45: Push(Apply(IsZero32, Pop())); break;
            case 0x50: Push(Apply(IsZero64, Pop())); break;
            case >= 0x6d and <= 0x70 or >= 0x7f and <= 0x82: Divide(opcode); break;
            case >= 0xa8 and <= 0xab or >= 0xae and <= 0xb1: Truncate(opcode); break;
            case 0xd0:
                Push(Node.Constant(_types.Heap(ref _reader, nullable: true).Kind, default));
                break;
            case 0xd1: Push(Apply(IsNull, Pop())); break;
            case 0xd2: RefFunc((int)_reader.U32()); break;
            case 0xd4: RefAsNonNull(); break;
            case 0xd5: BranchOnNull((int)_reader.U32()); break;
            case 0xd6: BranchOnNonNull((int)_reader.U32()); break;
            case 0xfc: BulkInstruction(); break;
            case 0xfd: VectorInstruction((int)_reader.U32()); break;
            default: throw new InvalidOperationException($"The opcode {opcode:x2} was validated but is not known.");
        }
    }

    private void BulkInstruction()
    {
        var opcode = _reader.U32();
        if (opcode < 8)
        {
            Numeric(NumericLowering.Saturating[opcode], 1);
            return;
        }

        switch (opcode)
        {
            case 8: Bulk(nameof(GuestRuntime.MemoryInit), Index(), Index()); break;
            case 9:
                var data = Index();
                RuntimeCall(nameof(GuestRuntime.DataDrop), () => LoadInt32(data));
                break;
            case 10: Bulk(nameof(GuestRuntime.MemoryCopy), Index(), Index()); break;
            case 11: Bulk(nameof(GuestRuntime.MemoryFill), Index()); break;
            case 12: Bulk(nameof(GuestRuntime.TableInit), Index(), Index()); break;
            case 13:
                var elements = Index();
                RuntimeCall(nameof(GuestRuntime.ElementDrop), () => LoadInt32(elements));
                break;
            case 14: Bulk(nameof(GuestRuntime.TableCopy), Index(), Index()); break;
            case 15: TableGrow(Index()); break;
            case 16: TableSize(Index()); break;
            default: Bulk(nameof(GuestRuntime.TableFill), Index()); break;
        }
    }

    private int Index() => (int)_reader.U32();

    private void Constant(byte opcode) => Push(opcode switch
    {
        0x41 => Node.Int32(_reader.S32()),
        0x42 => Node.Constant(ValueKind.I64, Vector128.CreateScalar((ulong)_reader.S64())),
        0x43 => SingleConstant(_reader.F32Bits()),
        _ => DoubleConstant(_reader.F64Bits()),
    });

    private static Node SingleConstant(uint bits) =>
        Node.Constant(ValueKind.F32, Vector128.CreateScalar((ulong)bits), float.IsNaN(BitConverter.UInt32BitsToSingle(bits)) ? NanState.Exact : NanState.Free);

    private static Node DoubleConstant(ulong bits) =>
        Node.Constant(ValueKind.F64, Vector128.CreateScalar(bits), double.IsNaN(BitConverter.UInt64BitsToDouble(bits)) ? NanState.Exact : NanState.Free);

    /// <summary>Makes a tree of an instruction and its operands, canonical where the instruction would see the difference.</summary>
    private void Numeric(Lowering lowering, int operands)
    {
        var c = operands > 2 ? Operand(lowering) : null;
        var b = operands > 1 ? Operand(lowering) : null;
        var a = Operand(lowering);
        if (lowering.Hazard is JitHazard.StaleFlags or JitHazard.ConstantOperand && a.IsConstant) a = Materialize(a);
        if (lowering.Hazard is JitHazard.ConstantOperand && b is { IsConstant: true }) b = Materialize(b);
        if (IsComplementOfTruth(lowering, a, b))
        {
            Push(Binary(NumericLowering.Single[0x6b]!, Node.Int32(-1), a.IsConstant ? b! : a));
            return;
        }

        NoteHazard(lowering.Hazard, b);
        NoteVector(lowering, b ?? a);
        var inherits = lowering.Inherits && a.Nan != lowering.Tolerates;
        Push(new Node
        {
            Op = NodeOp.Apply,
            Kind = lowering.Result,
            Lowering = lowering,
            A = a,
            B = b,
            C = c,
            Nan = inherits ? a.Nan : lowering.Produces,
            NanSource = lowering.Inherits ? a.NanSource : -1,
            Height = Math.Max(a.Height, Math.Max(b?.Height ?? 0, c?.Height ?? 0)) + 1,
        });
    }

    private Node Operand(Lowering lowering)
    {
        var node = Pop();
        return node.IsDirty && node.Nan != lowering.Tolerates ? Canonicalize(node) : node;
    }

    private void Drop()
    {
        var node = Pop();
        if (node.Op == NodeOp.Temporary) _temporaries.Release(node.Temporary!);
    }

    private void Select()
    {
        var condition = Pop();
        var second = Pop();
        var first = Pop();
        if (first.Nan != second.Nan)
        {
            first = Clean(first);
            second = Clean(second);
        }

        var nan = first.Nan == second.Nan ? first.Nan : NanState.Exact;
        var done = _il.DefineLabel();
        var result = Materialize(first).Temporary!;
        EmitBranch(condition, done, ifTrue: true);
        Emit(second);
        _il.Emit(OpCodes.Stloc, result.Local);
        _il.MarkLabel(done);
        Push(new Node { Op = NodeOp.Temporary, Kind = first.Kind, Nan = nan, Temporary = result });
    }
}
