namespace Hive.Wasm.Tests.Fuzz;

internal sealed partial class GeneratedFunction
{
    private void Address(int depth)
    {
        Value(ValueKind.I32, depth + 1);
        if (_module.Chance(99))
        {
            Emit("i32.const 0xefff i32.and");
        }
    }

    private string MemoryArgument(int naturalBytes)
    {
        var offset = _module.Chance(50) ? "" : $" offset={(_module.Chance(99) ? Random.Next(200) : Random.Next())}";
        var alignment = _module.Chance(70) ? "" : $" align={1 << Random.Next(System.Numerics.BitOperations.Log2((uint)naturalBytes) + 1)}";
        return offset + alignment;
    }

    private void Load(ValueKind kind, int depth)
    {
        var loads = Accesses.Where(a => a.Access.Kind == kind && !a.Access.IsStore && a.Access.Form != "lane").ToArray();
        if (loads.Length == 0)
        {
            Emit(Constants.Text(kind, Random));
            Push(kind);
            return;
        }

        var (name, access) = _module.Pick(loads);
        Address(depth);
        Emit(name + MemoryArgument(access.Bytes));
        Pop(1);
        Push(kind);
    }

    private void Store()
    {
        var (name, access) = _module.Pick(Accesses.Where(a => a.Access.IsStore || a.Access.Form == "lane").ToArray());
        Address(0);
        Value(access.Kind, 1);
        var lane = access.Form == "lane" ? $" {Random.Next(128 / access.Bits)}" : "";
        Emit(name + MemoryArgument(access.Bytes) + lane);
        Pop(2);
        if (!access.IsStore)
        {
            Push(access.Kind);
        }
    }

    /// <summary>Pushes a value by an instruction that has immediates.</summary>
    private void Immediate(ValueKind kind, int depth)
    {
        switch (kind)
        {
            case ValueKind.V128 when _module.Chance(40):
                Need([ValueKind.V128, ValueKind.V128], depth);
                Emit($"i8x16.shuffle {string.Join(' ', Enumerable.Range(0, 16).Select(_ => Random.Next(32)))}");
                Pop(2);
                break;
            case ValueKind.V128:
                var (shape, lanes, laneKind) = _module.Pick<(string, int, ValueKind)>(
                [
                    ("i8x16", 16, ValueKind.I32), ("i16x8", 8, ValueKind.I32), ("i32x4", 4, ValueKind.I32),
                    ("i64x2", 2, ValueKind.I64), ("f32x4", 4, ValueKind.F32), ("f64x2", 2, ValueKind.F64),
                ]);
                Need([ValueKind.V128, laneKind], depth);
                Emit($"{shape}.replace_lane {Random.Next(lanes)}");
                Pop(2);
                break;
            case ValueKind.I32 when _module.Chance(30):
                Emit(_module.Chance(50) ? "memory.size" : $"table.size {Random.Next(_module.Tables.Count)}");
                break;
            case ValueKind.I32 when _module.Chance(30):
                var reference = _module.Chance(60) ? ValueKind.FuncRef : ValueKind.ExternRef;
                Need([reference], depth);
                Emit("ref.is_null");
                Pop(1);
                break;
            case ValueKind.I32 or ValueKind.I64 or ValueKind.F32 or ValueKind.F64:
                Need([ValueKind.V128], depth);
                Emit(kind switch
                {
                    ValueKind.I32 => _module.Pick(["i8x16.extract_lane_s", "i8x16.extract_lane_u", "i16x8.extract_lane_s", "i16x8.extract_lane_u", "i32x4.extract_lane"]),
                    ValueKind.I64 => "i64x2.extract_lane",
                    ValueKind.F32 => "f32x4.extract_lane",
                    _ => "f64x2.extract_lane",
                } + $" {Random.Next(kind is ValueKind.I64 or ValueKind.F64 ? 2 : 4)}");
                Pop(1);
                break;
            default:
                var table = Matching(_module.Tables, kind)!.Value;
                Need([ValueKind.I32], depth);
                Emit((_module.Chance(97) ? "i32.const 1 i32.and " : "") + $"table.get {table}");
                Pop(1);
                break;
        }

        Push(kind);
    }

    private void Bulk()
    {
        switch (Random.Next(5))
        {
            case 0:
                Value(ValueKind.I32, 1);
                Emit("i32.const 1 i32.and memory.grow");
                break;
            case 1:
                Address(1);
                Value(ValueKind.I32, 1);
                Emit($"i32.const {Random.Next(500)} memory.fill");
                Pop(2);
                break;
            case 2:
                Address(1);
                Address(1);
                Emit($"i32.const {Random.Next(500)} memory.copy");
                Pop(2);
                break;
            case 3:
                Address(1);
                Emit($"i32.const {Random.Next(10)} i32.const {Random.Next(20)} memory.init {Random.Next(_module.DataSegments)}");
                Pop(1);
                break;
            default:
                Emit($"data.drop {Random.Next(_module.DataSegments)}");
                break;
        }
    }

    private void TableInstruction()
    {
        var table = Random.Next(_module.Tables.Count);
        var kind = _module.Tables[table];
        switch (Random.Next(6))
        {
            case 0:
                Value(ValueKind.I32, 1);
                Emit(_module.Chance(95) ? "i32.const 3 i32.and" : "");
                Value(kind, 1);
                Emit($"table.set {table}");
                Pop(2);
                break;
            case 1:
                Value(kind, 1);
                Emit($"i32.const {Random.Next(3)} table.grow {table}");
                Pop(1);
                Push(ValueKind.I32);
                break;
            case 2:
                Emit($"i32.const {Random.Next(4)}");
                Push(ValueKind.I32);
                Value(kind, 1);
                Emit($"i32.const {Random.Next(3)} table.fill {table}");
                Pop(2);
                break;
            case 3:
                Emit($"i32.const {Random.Next(5)} i32.const {Random.Next(5)} i32.const {Random.Next(4)} table.copy {Random.Next(2)} {Random.Next(2)}");
                break;
            case 4:
                Emit($"i32.const {Random.Next(5)} i32.const {Random.Next(3)} i32.const {Random.Next(4)} table.init {Random.Next(2)} {Random.Next(_module.ElementSegments)}");
                break;
            default:
                Emit($"elem.drop {Random.Next(_module.ElementSegments)}");
                break;
        }
    }
}
