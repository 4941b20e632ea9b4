using System.Text;

namespace Hive.Wasm.Text;

/// <summary>
/// Translates instruction sequences, plain and folded: the specification's section "Instructions" of the text format.
/// Nesting lives on a list, not on the call stack, so that no text can exhaust the stack.
/// </summary>
internal sealed class InstructionParser
{
    /// <summary>The deepest nesting of blocks and folded instructions accepted.</summary>
    public const int MaximumNesting = 65_536;

    private const byte Else = 0x05, End = 0x0B, TryTable = 0x1F, If = 0x04;

    private readonly TextModule _module;
    private readonly TokenReader _reader;
    private readonly TypeParser _types;
    private readonly LabelScope _labels = new();
    private readonly ImmediateParser _immediates;
    private readonly List<Frame> _frames = [];

    // Encodings of folded instructions whose operands are still to come, innermost last.
    private readonly ByteWriter _pending = new();

    public InstructionParser(TextModule module, TypeParser types)
    {
        _module = module;
        _reader = module.Reader;
        _types = types;
        _immediates = new ImmediateParser(module, _labels, types);
    }

    private enum FrameKind
    {
        Block,
        If,
        Else,
        FoldedPlain,
        FoldedBlock,
        FoldedCondition,
        FoldedThen,
        FoldedAfterThen,
        FoldedElse,
        FoldedAfterElse,
    }

    /// <param name="Kind">What the frame is waiting for.</param>
    /// <param name="Label">The identifier of the block, without <c>$</c>.</param>
    /// <param name="Pending">Where the pending encoding of a folded instruction begins.</param>
    /// <param name="Start">The offset of the construct, for errors.</param>
    private readonly record struct Frame(FrameKind Kind, string? Label, int Pending, int Start);

    /// <summary>Translates a function body up to the parenthesis that closes the function.</summary>
    public void Body(IndexSpace locals, ByteWriter code)
    {
        _immediates.Locals = locals;
        Sequence(code);
        _immediates.Locals = new IndexSpace("local");
    }

    /// <summary>Translates instructions up to the parenthesis that closes the construct they stand in, and ends the sequence.</summary>
    public void Sequence(ByteWriter code)
    {
        while (!_reader.At(TokenKind.RightParenthesis) || _frames.Count > 0)
        {
            Step(code);
        }

        code.Byte(End);
    }

    /// <summary>Translates one folded instruction as an expression of its own.</summary>
    public void FoldedExpression(ByteWriter code)
    {
        if (!_reader.At(TokenKind.LeftParenthesis))
        {
            throw _reader.Unexpected("an instruction in parentheses");
        }

        do
        {
            Step(code);
        }
        while (_frames.Count > 0);
        code.Byte(End);
    }

    private void Step(ByteWriter code)
    {
        switch (_reader.Current.Kind)
        {
            case TokenKind.LeftParenthesis:
                Open(code);
                break;
            case TokenKind.RightParenthesis:
                Close(code);
                break;
            case TokenKind.Atom when _frames.Count == 0 || _frames[^1].Kind is not
                (FrameKind.FoldedPlain or FrameKind.FoldedCondition or FrameKind.FoldedAfterThen or FrameKind.FoldedAfterElse):
                Plain(code);
                break;
            default:
                throw _reader.Unexpected(_frames.Count == 0 || _frames[^1].Kind is FrameKind.Block ? "an instruction" : "`(` or `)`");
        }
    }

    private void Open(ByteWriter code)
    {
        var start = _reader.Advance().Start;
        var top = _frames.Count > 0 ? _frames[^1].Kind : FrameKind.Block;
        if (top == FrameKind.FoldedCondition && _reader.TryKeyword("then"u8))
        {
            EmitPending(_frames[^1].Pending, code);
            _labels.Push(_frames[^1].Label);
            _frames[^1] = _frames[^1] with { Kind = FrameKind.FoldedAfterThen };
            Push(FrameKind.FoldedThen, null, start);
        }
        else if (top == FrameKind.FoldedAfterThen && _reader.TryKeyword("else"u8))
        {
            code.Byte(Else);
            _frames[^1] = _frames[^1] with { Kind = FrameKind.FoldedAfterElse };
            Push(FrameKind.FoldedElse, null, start);
        }
        else if (top is FrameKind.FoldedAfterThen or FrameKind.FoldedAfterElse)
        {
            throw _reader.Unexpected("`)`");
        }
        else
        {
            Folded(start, code);
        }
    }

    private void Folded(int start, ByteWriter code)
    {
        var instruction = Mnemonic();
        var pending = _pending.Length;
        if (instruction.Immediate != ImmediateKind.Block)
        {
            _immediates.Write(instruction, _pending);
            _frames.Add(Checked(new Frame(FrameKind.FoldedPlain, null, pending, start)));
        }
        else if (instruction.Opcode == If)
        {
            var label = BlockHeader(instruction, _pending);
            _frames.Add(Checked(new Frame(FrameKind.FoldedCondition, label, pending, start)));
        }
        else
        {
            var label = BlockHeader(instruction, code);
            _labels.Push(label);
            Push(FrameKind.FoldedBlock, label, start);
        }
    }

    private void Close(ByteWriter code)
    {
        var frame = _frames[^1];
        switch (frame.Kind)
        {
            case FrameKind.FoldedPlain:
                EmitPending(frame.Pending, code);
                break;
            case FrameKind.FoldedThen or FrameKind.FoldedElse:
                break;
            case FrameKind.FoldedBlock or FrameKind.FoldedAfterThen or FrameKind.FoldedAfterElse:
                code.Byte(End);
                _labels.Pop();
                break;
            case FrameKind.FoldedCondition:
                throw _reader.Unexpected("`(then`");
            default:
                throw _module.Error(frame.Start, "this block has no `end`");
        }

        _reader.Advance();
        _frames.RemoveAt(_frames.Count - 1);
    }

    private void Plain(ByteWriter code)
    {
        if (_reader.AtKeyword("else"u8))
        {
            PlainElse(code);
        }
        else if (_reader.AtKeyword("end"u8))
        {
            PlainEnd(code);
        }
        else
        {
            var start = _reader.Current.Start;
            var instruction = Mnemonic();
            if (instruction.Immediate != ImmediateKind.Block)
            {
                _immediates.Write(instruction, code);
                return;
            }

            var label = BlockHeader(instruction, code);
            _labels.Push(label);
            Push(instruction.Opcode == If ? FrameKind.If : FrameKind.Block, label, start);
        }
    }

    private void PlainElse(ByteWriter code)
    {
        if (_frames.Count == 0 || _frames[^1].Kind != FrameKind.If)
        {
            throw _reader.Unexpected("an instruction: `else` stands only in an `if` that has none yet");
        }

        _reader.Advance();
        RepeatedLabel(_frames[^1].Label);
        code.Byte(Else);
        _frames[^1] = _frames[^1] with { Kind = FrameKind.Else };
    }

    private void PlainEnd(ByteWriter code)
    {
        if (_frames.Count == 0 || _frames[^1].Kind is not (FrameKind.Block or FrameKind.If or FrameKind.Else))
        {
            throw _reader.Unexpected("an instruction: no block is open for this `end`");
        }

        _reader.Advance();
        RepeatedLabel(_frames[^1].Label);
        code.Byte(End);
        _labels.Pop();
        _frames.RemoveAt(_frames.Count - 1);
    }

    private void RepeatedLabel(string? label)
    {
        if (_reader.TryIdentifier() is { } token && _reader.IdentifierName(token) != label)
        {
            throw _module.Error(token.Start, $"mismatching label `{_reader.Source.Show(token)}`: repeat the label of the block, or leave it out");
        }
    }

    private string? BlockHeader(Instruction instruction, ByteWriter code)
    {
        _module.Require(instruction.Feature);
        instruction.WriteOpcode(code);
        var label = _reader.TryIdentifier() is { } token ? _reader.IdentifierName(token) : null;
        _types.BlockType(code);
        if (instruction.Opcode == TryTable)
        {
            Catches(code);
        }

        return label;
    }

    // Labels of catch clauses are those around the block: its own label is not yet in scope.
    private void Catches(ByteWriter code)
    {
        var clauses = new ByteWriter();
        uint count = 0;
        while (CatchKind() is { } kind)
        {
            clauses.Byte(kind);
            if (kind <= 1)
            {
                clauses.Unsigned(_module.Tags.Resolve(_reader));
            }

            clauses.Unsigned(_labels.Resolve(_reader));
            _reader.Close();
            count++;
        }

        code.Unsigned(count);
        code.Bytes(clauses.Written);
    }

    private byte? CatchKind() =>
        _reader.TryOpen("catch"u8) ? 0
        : _reader.TryOpen("catch_ref"u8) ? 1
        : _reader.TryOpen("catch_all"u8) ? 2
        : _reader.TryOpen("catch_all_ref"u8) ? (byte)3
        : null;

    private Instruction Mnemonic()
    {
        if (!_reader.At(TokenKind.Atom))
        {
            throw _reader.Unexpected("an instruction");
        }

        var instruction = InstructionTable.Find(_reader.Text(_reader.Current))
            ?? throw _module.Error(_reader.Current.Start, $"unknown operator `{_reader.Source.Show(_reader.Current)}`: no instruction has this name here");
        _reader.Advance();
        return instruction;
    }

    private void EmitPending(int start, ByteWriter code)
    {
        code.Bytes(_pending.Written[start..]);
        _pending.Truncate(start);
    }

    private void Push(FrameKind kind, string? label, int start) => _frames.Add(Checked(new Frame(kind, label, _pending.Length, start)));

    private Frame Checked(Frame frame) => _frames.Count < MaximumNesting
        ? frame
        : throw _module.Error(frame.Start, $"nesting deeper than {MaximumNesting} levels: split the function");
}
