namespace Hive.Research.Skills;

/// <summary>A place in an expression.</summary>
/// <param name="Operation">Which of <see cref="Operation.All"/>.</param>
/// <param name="Value">The constant, or the argument's number; otherwise 0.</param>
internal readonly record struct Node(byte Operation, long Value);

/// <summary>
/// A typed expression over integer arguments in postfix order, which is also the order of WebAssembly's instructions. It computes what the compiled module computes.
/// </summary>
/// <param name="nodes">The nodes; every operand is there and of its type.</param>
internal sealed class Expression(Node[] nodes)
{
    /// <summary>The most nodes.</summary>
    public const int MaxNodes = 64;

    /// <summary>The place of the constant in <see cref="Operation.All"/>.</summary>
    public const byte Constant = 0;

    /// <summary>The place of the argument in <see cref="Operation.All"/>.</summary>
    public const byte Argument = 1;

    /// <summary>The nodes.</summary>
    public ReadOnlySpan<Node> Nodes => nodes;

    /// <summary>Where the subexpression that ends at a place begins.</summary>
    /// <param name="end">The place.</param>
    public int StartOf(int end)
    {
        var wanted = 1;
        for (var at = end; ; at--)
        {
            wanted += Operation.All[nodes[at].Operation].Operands.Length - 1;
            if (wanted == 0) return at;
        }
    }

    /// <summary>The same with one subexpression replaced; null where that would be too long.</summary>
    /// <param name="end">Where the subexpression ends.</param>
    /// <param name="with">What stands there instead, of the same type.</param>
    public Expression? Replaced(int end, ReadOnlySpan<Node> with)
    {
        var start = StartOf(end);
        var length = nodes.Length - (end + 1 - start) + with.Length;
        return length > MaxNodes ? null : new Expression([.. nodes.AsSpan(0, start), .. with, .. nodes.AsSpan(end + 1)]);
    }

    /// <summary>Computes the expression as WebAssembly would.</summary>
    /// <param name="arguments">The arguments.</param>
    /// <param name="result">The value.</param>
    /// <returns>False where the module would trap: a division by zero, or one that overflows.</returns>
    public bool TryCompute(ReadOnlySpan<long> arguments, out long result)
    {
        Span<long> stack = stackalloc long[MaxNodes];
        var top = -1;
        result = 0;
        foreach (var node in nodes)
        {
            var code = Operation.All[node.Operation].Code;
            switch (code)
            {
                case 0x42: stack[++top] = node.Value; break;
                case 0x20: stack[++top] = arguments[(int)node.Value]; break;
                case 0x45: stack[top] = stack[top] == 0 ? 1 : 0; break;
                case 0x1B:
                    stack[top - 2] = stack[top] != 0 ? stack[top - 2] : stack[top - 1];
                    top -= 2;
                    break;
                default:
                    var right = stack[top--];
                    if (code is 0x7F or 0x81 && (right == 0 || (code == 0x7F && right == -1 && stack[top] == long.MinValue))) return false;
                    stack[top] = Two(code, stack[top], right);
                    break;
            }
        }

        result = stack[0];
        return true;
    }

    private static long Two(byte code, long left, long right) => code switch
    {
        0x7C => left + right,
        0x7D => left - right,
        0x7E => left * right,
        0x7F => left / right,
        0x81 => right == -1 ? 0 : left % right,
        0x83 => left & right,
        0x84 => left | right,
        0x85 => left ^ right,
        0x86 => left << (int)(right & 63),
        0x87 => left >> (int)(right & 63),
        0x51 => left == right ? 1 : 0,
        0x53 => left < right ? 1 : 0,
        _ => left & right,
    };
}
