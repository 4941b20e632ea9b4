using System.Runtime.CompilerServices;

namespace Hive.Wasm;

/// <summary>A block being validated: what it takes and leaves, and the operands below it.</summary>
internal struct ControlFrame
{
    public byte Opcode;
    public bool Unreachable;
    public int Height;
    public int InitializedHeight;
    public ValueType[] Start;
    public ValueType[] End;

    /// <summary>What a branch to the block carries: a loop's branch goes to its start.</summary>
    public readonly ValueType[] Label => Opcode == 0x03 ? Start : End;
}

/// <summary>The types of operands and blocks, as in the specification's validation algorithm (its appendix).</summary>
internal sealed class OperandStack
{
    private ValueType[] _types = new ValueType[64];
    private int _height;
    private ControlFrame[] _frames = new ControlFrame[16];
    private int _frameCount;
    private int _arity;

    /// <summary>Raises an error at the current instruction.</summary>
    public required Func<string, Exception> Error { get; init; }

    public required int MaxOperands { get; init; }

    /// <summary>The most operands there were since <see cref="Clear"/>.</summary>
    public int MaxHeight { get; private set; }

    /// <summary>The most values that open blocks took and left since <see cref="Clear"/>.</summary>
    public int MaxArity { get; private set; }

    public int FrameCount => _frameCount;

    public ref ControlFrame Top => ref _frames[_frameCount - 1];

    public void Clear()
    {
        _height = 0;
        _frameCount = 0;
        _arity = 0;
        MaxHeight = 0;
        MaxArity = 0;
    }

    public ref ControlFrame Frame(uint depth)
    {
        if (depth >= (uint)_frameCount) throw Error($"unknown label {depth}");
        return ref _frames[_frameCount - 1 - (int)depth];
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Push(ValueType type)
    {
        if (_height == _types.Length) Enlarge();
        _types[_height++] = type;
        if (_height > MaxHeight) MaxHeight = _height;
    }

    private void Enlarge()
    {
        if (_height >= MaxOperands) throw Error($"more than {MaxOperands} operands");
        Array.Resize(ref _types, Math.Min(_height * 2, MaxOperands));
    }

    public void Push(ValueType[] types)
    {
        foreach (var type in types) Push(type);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public ValueType Pop()
    {
        ref var top = ref _frames[_frameCount - 1];
        if (_height > top.Height) return _types[--_height];
        return top.Unreachable ? ValueType.Bottom : throw Error("type mismatch: the stack is empty");
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Pop(ValueKind kind)
    {
        var type = Pop();
        if (type.Kind != kind && !type.IsBottom) throw Error($"type mismatch: {kind} expected, {type} found");
    }

    public ValueType Pop(ValueType expected)
    {
        var type = Pop();
        if (!type.IsSubtypeOf(expected)) throw Error($"type mismatch: {expected} expected, {type} found");
        return type;
    }

    public void Pop(ValueType[] types)
    {
        for (var i = types.Length - 1; i >= 0; i--) Pop(types[i]);
    }

    public ValueType PopReference()
    {
        var type = Pop();
        return type.IsReference || type.IsBottom ? type : throw Error($"type mismatch: a reference expected, {type} found");
    }

    public void PushFrame(byte opcode, ValueType[] start, ValueType[] end, int initializedHeight)
    {
        if (_frameCount == _frames.Length) Array.Resize(ref _frames, _frameCount * 2);
        _arity += start.Length + end.Length;
        MaxArity = Math.Max(MaxArity, _arity);
        if (_arity > MaxOperands) throw Error($"the open blocks take and leave more than {MaxOperands} values");
        _frames[_frameCount++] = new ControlFrame { Opcode = opcode, Start = start, End = end, Height = _height, InitializedHeight = initializedHeight };
        Push(start);
    }

    public ControlFrame PopFrame()
    {
        ref var top = ref Top;
        Pop(top.End);
        if (_height != top.Height) throw Error($"type mismatch: {_height - top.Height} values remain on the stack at the end of the block");
        _frameCount--;
        _arity -= top.Start.Length + top.End.Length;
        return top;
    }

    public void MarkUnreachable()
    {
        ref var top = ref Top;
        _height = top.Height;
        top.Unreachable = true;
    }

    /// <summary>Checks that the operands fit a label, and leaves them.</summary>
    public void Peek(ValueType[] types)
    {
        ref var top = ref Top;
        for (var i = types.Length - 1; i >= 0; i--)
        {
            var at = _height - types.Length + i;
            if (at >= top.Height)
            {
                if (!_types[at].IsSubtypeOf(types[i])) throw Error($"type mismatch: {types[i]} expected, {_types[at]} found");
            }
            else if (!top.Unreachable)
            {
                throw Error("type mismatch: the stack is empty");
            }
        }
    }
}
