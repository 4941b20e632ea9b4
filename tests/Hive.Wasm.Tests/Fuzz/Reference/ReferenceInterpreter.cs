namespace Hive.Wasm.Tests.Fuzz.Reference;

/// <summary>
/// Runs functions one instruction at a time on a stack of typed values, as the specification's section "Execution" describes it: slow and plain,
/// so that it can be seen to be right. It checks the type of every operand, which tells whether the validator let an invalid module through.
/// </summary>
internal sealed partial class ReferenceInterpreter(ReferenceInstance instance, long steps)
{
    private const int DeepestCall = 1500;

    private int _depth;

    /// <summary>How many more instructions may run.</summary>
    public long Steps { get; private set; } = steps;

    /// <summary>The fuel burnt so far: one unit an instruction, and what bulk operations cost beyond that.</summary>
    public long Fuel { get; private set; }

    /// <exception cref="ReferenceTrap">The function trapped.</exception>
    /// <exception cref="ReferenceExhausted">The function ran too long or too deep to go on.</exception>
    public Cell[] Call(ReferenceFunction function, Cell[] arguments)
    {
        if (++_depth > DeepestCall)
        {
            throw new ReferenceExhausted();
        }

        try
        {
            while (true)
            {
                if (function.Host is { } host)
                {
                    return host(arguments);
                }

                var frame = new Frame(function, arguments);
                Run(frame);
                if (frame.TailCall is not { } next)
                {
                    return frame.Take(function.Type.Results);
                }

                (function, arguments) = next;
            }
        }
        finally
        {
            _depth--;
        }
    }

    public Cell Constant(ReferenceInstruction[] expression)
    {
        var (frame, fuel) = (new Frame(expression), Fuel);
        Run(frame);
        Fuel = fuel;
        return frame.Pop();
    }

    /// <summary>A label: how many values a branch to it takes, the stack's height outside the block, and where the branch goes on.</summary>
    private readonly record struct Label(int Arity, int Height, int Target, bool IsLoop, ReferenceCatch[] Catches);

    private sealed class Frame
    {
        private readonly List<Cell> _stack = [];

        public Frame(ReferenceInstruction[] code)
        {
            Code = code;
            Locals = [];
            Labels.Push(new Label(1, 0, code.Length, false, []));
        }

        public Frame(ReferenceFunction function, Cell[] arguments)
        {
            Code = function.Body!.Code;
            Locals = [.. arguments, .. function.Body.Locals.Select(Cell.Zero)];
            Labels.Push(new Label(function.Type.Results.Length, 0, Code.Length, false, []));
        }

        public ReferenceInstruction[] Code { get; }

        public Cell[] Locals { get; }

        public Stack<Label> Labels { get; } = new();

        public int Height => _stack.Count;

        public int Position { get; set; }

        public (ReferenceFunction Function, Cell[] Arguments)? TailCall { get; set; }

        public void Push(Cell cell) => _stack.Add(cell);

        public void Push(uint value) => Push(Cell.I32(value));

        public Cell Pop()
        {
            if (_stack.Count == 0)
            {
                throw new ReferenceInvalid("the stack is empty");
            }

            var top = _stack[^1];
            _stack.RemoveAt(_stack.Count - 1);
            return top;
        }

        public Cell Pop(ValueKind kind)
        {
            var top = Pop();
            return top.Kind == kind ? top : throw new ReferenceInvalid($"{Code[Math.Max(0, Position - 1)]} meets {top} instead of {kind}");
        }

        public uint PopI32() => Pop(ValueKind.I32).Low;

        public Cell[] Take(IReadOnlyList<ValueKind> kinds)
        {
            var cells = new Cell[kinds.Count];
            for (var i = cells.Length - 1; i >= 0; i--)
            {
                cells[i] = Pop(kinds[i]);
            }

            return cells;
        }

        /// <summary>Leaves blocks until one has a clause for the exception, and goes where the clause says.</summary>
        public bool Catch(ReferenceThrown thrown)
        {
            while (Labels.Count > 0)
            {
                var label = Labels.Pop();
                if (label.Catches.FirstOrDefault(c => c.Tag is null || c.Tag == thrown.Tag) is { } clause)
                {
                    _stack.RemoveRange(label.Height, _stack.Count - label.Height);
                    _stack.AddRange(clause.Tag is null ? [] : thrown.Payload);
                    _stack.AddRange(clause.TakesReference ? [new Cell(ValueKind.ExnRef, 0, thrown)] : []);
                    Branch(clause.Label);
                    return true;
                }
            }

            return false;
        }

        public void Branch(int depth)
        {
            while (depth-- > 0)
            {
                Labels.Pop();
            }

            var label = Labels.Peek();
            var values = _stack.GetRange(_stack.Count - label.Arity, label.Arity);
            _stack.RemoveRange(label.Height, _stack.Count - label.Height);
            _stack.AddRange(values);
            Position = label.Target;
            if (!label.IsLoop)
            {
                Labels.Pop();
            }
        }
    }

    private void Run(Frame frame)
    {
        while (frame.Position < frame.Code.Length && frame.TailCall is null)
        {
            if (--Steps < 0)
            {
                throw new ReferenceExhausted();
            }

            Fuel++;
            try
            {
                Step(frame, frame.Code[frame.Position++]);
            }
            catch (ReferenceThrown thrown)
            {
                if (!frame.Catch(thrown))
                {
                    throw;
                }
            }
        }
    }

    private void Step(Frame frame, ReferenceInstruction instruction)
    {
        if (instruction.Numeric is { } numeric)
        {
            frame.Push(numeric.Apply(frame.Take(numeric.Operands)));
        }
        else if (instruction.Access is { } access)
        {
            LoadOrStore(frame, instruction, access);
        }
        else if (!Control(frame, instruction) && !Variable(frame, instruction) && !Bulk(frame, instruction) && !VectorImmediate(frame, instruction))
        {
            throw new ReferenceUnsupported(instruction.Name);
        }
    }

    private bool Control(Frame frame, ReferenceInstruction instruction)
    {
        switch (instruction.Name)
        {
            case "nop":
                return true;
            case "unreachable":
                throw new ReferenceTrap(TrapCode.Unreachable);
            case "block" or "try_table":
                Enter(frame, instruction, instruction.End + 1);
                return true;
            case "loop":
                frame.Labels.Push(new Label(
                    instruction.BlockType!.Parameters.Length, frame.Height - instruction.BlockType.Parameters.Length, frame.Position, true, []));
                return true;
            case "if":
                var holds = frame.PopI32() != 0;
                Enter(frame, instruction, instruction.End + 1);
                if (!holds && instruction.Else == instruction.End)
                {
                    frame.Branch(0);
                }
                else if (!holds)
                {
                    frame.Position = instruction.Else + 1;
                }

                return true;
            case "else":
                frame.Branch(0);
                return true;
            case "end":
                frame.Labels.Pop();
                return true;
            case "br":
                frame.Branch((int)instruction.A);
                return true;
            case "br_if":
                if (frame.PopI32() != 0)
                {
                    frame.Branch((int)instruction.A);
                }

                return true;
            case "br_table":
                frame.Branch(instruction.Labels[(int)Math.Min(frame.PopI32(), (uint)instruction.Labels.Length - 1)]);
                return true;
            case "return":
                frame.Branch(frame.Labels.Count - 1);
                return true;
            case "call":
                Invoke(frame, instance.Functions[instruction.A]);
                return true;
            case "call_indirect":
                Invoke(frame, Indirect(frame, instruction));
                return true;
            case "throw":
                Fuel += FunctionCompiler.CostOfThrow - 1;
                throw new ReferenceThrown((int)instruction.A, frame.Take(instance.Module.Tags[(int)instruction.A].Parameters));
            case "throw_ref":
                throw frame.Pop(ValueKind.ExnRef).Reference as ReferenceThrown ?? (Exception)new ReferenceTrap(TrapCode.NullReference);
            case "return_call":
                Continue(frame, instance.Functions[instruction.A]);
                return true;
            case "return_call_indirect":
                Continue(frame, Indirect(frame, instruction));
                return true;
            default:
                return false;
        }
    }

    private static void Enter(Frame frame, ReferenceInstruction block, int target) =>
        frame.Labels.Push(new Label(block.BlockType!.Results.Length, frame.Height - block.BlockType.Parameters.Length, target, false, block.Catches));

    private void Invoke(Frame frame, ReferenceFunction function)
    {
        foreach (var result in Call(function, frame.Take(function.Type.Parameters)))
        {
            frame.Push(result);
        }
    }

    private static void Continue(Frame frame, ReferenceFunction function) => frame.TailCall = (function, frame.Take(function.Type.Parameters));

    private ReferenceFunction Indirect(Frame frame, ReferenceInstruction instruction)
    {
        var index = frame.PopI32();
        var table = instance.Tables[instruction.B];
        var expected = instance.Module.Types[(int)instruction.A];
        if (index >= table.Length)
        {
            throw new ReferenceTrap(TrapCode.UndefinedElement);
        }

        if (table[index] is not ReferenceFunction function)
        {
            throw new ReferenceTrap(TrapCode.UninitializedElement);
        }

        return function.Type.Parameters.SequenceEqual(expected.Parameters) && function.Type.Results.SequenceEqual(expected.Results)
            ? function
            : throw new ReferenceTrap(TrapCode.IndirectCallTypeMismatch);
    }

    private bool Variable(Frame frame, ReferenceInstruction instruction)
    {
        switch (instruction.Name)
        {
            case "drop":
                frame.Pop();
                return true;
            case "select":
                var first = frame.PopI32() != 0;
                var (second, value) = (frame.Pop(), frame.Pop());
                frame.Push(first ? value : second.Kind == value.Kind ? second : throw new ReferenceInvalid("select meets two types"));
                return true;
            case "local.get":
                frame.Push(frame.Locals[instruction.A]);
                return true;
            case "local.set":
                frame.Locals[instruction.A] = frame.Pop(frame.Locals[instruction.A].Kind);
                return true;
            case "local.tee":
                frame.Locals[instruction.A] = frame.Pop(frame.Locals[instruction.A].Kind);
                frame.Push(frame.Locals[instruction.A]);
                return true;
            case "global.get":
                frame.Push(instance.Globals[instruction.A]);
                return true;
            case "global.set":
                instance.Globals[instruction.A] = frame.Pop(instance.Globals[instruction.A].Kind);
                return true;
            case "i32.const" or "i64.const" or "f32.const" or "f64.const":
                frame.Push(new Cell(Enum.Parse<ValueKind>(instruction.Name[..3], ignoreCase: true), instruction.A));
                return true;
            case "v128.const":
                frame.Push(new Cell(ValueKind.V128, instruction.Vector));
                return true;
            case "ref.null":
                frame.Push(Cell.Zero((ValueKind)instruction.A));
                return true;
            case "ref.is_null":
                frame.Push(frame.Pop().Reference is null ? 1u : 0);
                return true;
            case "ref.func":
                frame.Push(new Cell(ValueKind.FuncRef, 0, instance.Functions[instruction.A]));
                return true;
            default:
                return false;
        }
    }
}
