using System.Text;
using Hive.Wasm.Tests.Fuzz.Reference;
using Hive.Wasm.Text;

namespace Hive.Wasm.Tests.Fuzz;

/// <summary>
/// Writes a random function body. It keeps the types on the operand stack as a validator does, so that every instruction it
/// chooses is valid where it stands: operands are taken from the stack where they fit and pushed where they do not.
/// </summary>
internal sealed partial class GeneratedFunction
{
    private const int DeepestNesting = 5, DeepestOperand = 4;

    private static readonly Dictionary<ValueKind, (string Name, NumericOperation Operation)[]> Operations = InstructionTable.All
        .Where(i => i is { Immediate: ImmediateKind.None, Feature: WasmFeatures.None })
        .Select(i => (i.Mnemonic, Operation: NumericOperation.For(i.Mnemonic)))
        .Where(i => i.Operation is not null)
        .GroupBy(i => i.Operation!.Result)
        .ToDictionary(g => g.Key, g => g.Select(i => (i.Mnemonic, i.Operation!)).OrderBy(i => i.Mnemonic, StringComparer.Ordinal).ToArray());

    private static readonly (string Name, MemoryAccess Access)[] Accesses = [.. InstructionTable.All
        .Where(i => i.Immediate is ImmediateKind.MemoryArgument or ImmediateKind.MemoryArgumentLane)
        .Select(i => (i.Mnemonic, MemoryAccess.For(i.Mnemonic)!)).OrderBy(i => i.Mnemonic, StringComparer.Ordinal)];

    private readonly GeneratedModule _module;
    private readonly GeneratedType _type;
    private readonly ValueKind[] _locals;
    private readonly StringBuilder _text = new();
    private readonly List<ValueKind> _stack = [];
    private readonly List<Frame> _frames = [];
    private int _budget;

    // Operands pushed so far for an instruction that is still to come: nothing else may take them.
    private int _reserved;

    public GeneratedFunction(GeneratedModule module, GeneratedType type)
    {
        _module = module;
        _type = type;
        _budget = module.Random.Next(10, 120);
        var locals = Enumerable.Range(0, module.Random.Next(0, 9)).Select(_ => module.RandomKind()).ToArray();
        _locals = [.. type.Parameters, .. locals];
        Emit(locals.Length == 0 ? "" : $"(local {string.Join(' ', locals.Select(GeneratedModule.Name))})");
        Burn();
        _frames.Add(new Frame(type.Results, 0));
        Statements();
        Settle(type.Results);
    }

    public string Text => _text.ToString();

    private Random Random => _module.Random;

    /// <summary>A block: what a branch to it takes, and the height of the stack below it.</summary>
    private sealed record Frame(ValueKind[] LabelTypes, int Height)
    {
        /// <summary>Whether control cannot come here, so that the stack may stand for any types.</summary>
        public bool Unreachable { get; set; }
    }

    private int Available => _stack.Count - Math.Max(_reserved, _frames[^1].Height);

    private void Emit(string instruction) => _text.Append(instruction).Append('\n');

    private void Burn() => Emit("global.get 0 i32.eqz if unreachable end global.get 0 i32.const 1 i32.sub global.set 0");

    private void Push(ValueKind kind) => _stack.Add(kind);

    private void Pop(int count) => _stack.RemoveRange(_stack.Count - count, count);

    private void Statements()
    {
        for (var count = Random.Next(1, 12); count > 0 && _budget > 0; count--)
        {
            _budget--;
            Statement();
        }
    }

    private void Statement()
    {
        switch (Random.Next(22))
        {
            case 0 or 1 or 2:
                Value(_module.RandomKind(), 0);
                break;
            case 3 or 4:
                Operation(_module.Pick(Operations[_module.Pick<ValueKind>([.. Operations.Keys.Order()])]), 0);
                break;
            case 5 or 6:
                Store();
                break;
            case 7 or 8:
                SetVariable();
                break;
            case 9 or 10 or 11 when _frames.Count < DeepestNesting:
                Block();
                break;
            case 12 or 13:
                Branch();
                break;
            case 14:
                Call();
                break;
            case 15:
                Bulk();
                break;
            case 16:
                TableInstruction();
                break;
            case 17 when Available > 0:
                Emit("drop");
                Pop(1);
                break;
            case 18 when _frames.Count < DeepestNesting:
                Try();
                break;
            case 19:
                Throw();
                break;
            case 20:
                Select();
                break;
            default:
                Emit("nop");
                break;
        }
    }

    /// <summary>Makes the top of the stack these types.</summary>
    private void Need(IReadOnlyList<ValueKind> kinds, int depth = 0)
    {
        var fits = Available >= kinds.Count && kinds.SequenceEqual(_stack.Skip(_stack.Count - kinds.Count));
        if (fits && _module.Chance(70))
        {
            return;
        }

        if (_frames[^1].Unreachable && _stack.Count == _frames[^1].Height && _module.Chance(40))
        {
            // Nothing need be pushed: below code that is never reached, the stack has whatever is asked for.
            _stack.AddRange(kinds);
            return;
        }

        foreach (var kind in kinds)
        {
            Value(kind, depth + 1);
        }
    }

    /// <summary>Pushes a value of this kind, by an expression of some depth.</summary>
    private void Value(ValueKind kind, int depth)
    {
        var reserved = _reserved;
        _reserved = _stack.Count;
        Expression(kind, depth);
        _reserved = reserved;
    }

    private void Expression(ValueKind kind, int depth)
    {
        var local = Random.Next(Math.Max(1, _locals.Length));
        switch (Random.Next(8))
        {
            case 0 or 1 when _locals.Length > 0 && _locals[local] == kind:
                Emit($"local.get {local}");
                Push(kind);
                break;
            case 2 when Matching(_module.Globals, kind) is { } global and > 0:
                Emit($"global.get {global}");
                Push(kind);
                break;
            case 3 or 4 or 5 when depth < DeepestOperand && Operations.TryGetValue(kind, out var operations):
                Operation(_module.Pick(operations), depth);
                break;
            case 6 when depth < DeepestOperand:
                Load(kind, depth);
                break;
            case 7 when depth < DeepestOperand && kind != ValueKind.ExnRef:
                Immediate(kind, depth);
                break;
            default:
                Emit(kind == ValueKind.FuncRef && _module.Chance(50) ? $"ref.func {Random.Next(_module.Functions.Count)}" : Constants.Text(kind, Random));
                Push(kind);
                break;
        }
    }

    private void Operation((string Name, NumericOperation Operation) numeric, int depth)
    {
        Need(numeric.Operation.Operands, depth);
        Emit(_module.Chance(10) ? numeric.Name : WithoutTrap(numeric.Name));
        Pop(numeric.Operation.Operands.Count);
        Push(numeric.Operation.Result);
    }

    // Most divisions get an odd divisor and most truncations saturate, so that programs get somewhere.
    private static string WithoutTrap(string name)
    {
        var (type, operation) = (name.Split('.')[0], name.Split('.')[1]);
        return operation.StartsWith("div_", StringComparison.Ordinal) || operation.StartsWith("rem_", StringComparison.Ordinal)
            ? $"{type}.const 1 {type}.or {name}"
            : operation.StartsWith("trunc_f", StringComparison.Ordinal) ? name.Replace("trunc_f", "trunc_sat_f", StringComparison.Ordinal)
            : name;
    }

    /// <summary>An index of this kind, or null; which one is random.</summary>
    private int? Matching(IReadOnlyList<ValueKind> kinds, ValueKind kind)
    {
        var start = Random.Next(Math.Max(1, kinds.Count));
        for (var i = 0; i < kinds.Count; i++)
        {
            if (kinds[(start + i) % kinds.Count] == kind)
            {
                return (start + i) % kinds.Count;
            }
        }

        return null;
    }

    /// <summary>Leaves exactly these types above the current block's height.</summary>
    private void Settle(IReadOnlyList<ValueKind> kinds)
    {
        if (Available == kinds.Count && kinds.SequenceEqual(_stack.Skip(_frames[^1].Height)) && (kinds.Count == 0 || _module.Chance(80)))
        {
            return;
        }

        while (Available > 0)
        {
            Emit(Matching(_locals, _stack[^1]) is { } local && _module.Chance(60) ? $"local.set {local}" : "drop");
            Pop(1);
        }

        Need(kinds);
        if (Available != kinds.Count)
        {
            throw new InvalidOperationException("The generator lost count of the stack.");
        }
    }
}
