using Hive.Wasm;

namespace Hive.Research.Skills;

/// <summary>Writes an expression as a WebAssembly module that exports <c>f</c>, and runs it in the sandbox.</summary>
internal static class ExpressionModule
{
    private const ulong Fuel = 100_000;

    /// <summary>The module in the binary format: one type, one function, one export.</summary>
    /// <param name="expression">The expression.</param>
    /// <param name="arity">How many arguments it has.</param>
    public static byte[] Encode(Expression expression, int arity)
    {
        List<byte> body = [0];
        foreach (var node in expression.Nodes)
        {
            body.Add(Operation.All[node.Operation].Code);
            if (node.Operation is Expression.Constant or Expression.Argument) AppendSigned(body, node.Value);
        }

        body.Add(0x0B);
        List<byte> code = [1];
        AppendUnsigned(code, body.Count);
        code.AddRange(body);
        List<byte> module = [0x00, 0x61, 0x73, 0x6D, 0x01, 0x00, 0x00, 0x00];
        AppendSection(module, 1, [1, 0x60, (byte)arity, .. Enumerable.Repeat((byte)0x7E, arity), 1, 0x7E]);
        AppendSection(module, 3, [1, 0]);
        AppendSection(module, 7, [1, 1, (byte)'f', 0, 0]);
        AppendSection(module, 10, code);
        return [.. module];
    }

    /// <summary>The share of cases in which a module gives the result that is wanted. A trap, or fuel that runs out, is a case that fails.</summary>
    /// <param name="engine">A metered engine.</param>
    /// <param name="module">The module's bytes.</param>
    /// <param name="cases">The cases, at least one.</param>
    /// <param name="cancellation">Stops at once.</param>
    public static double PassRate(Engine engine, byte[] module, IReadOnlyList<SkillCase> cases, CancellationToken cancellation)
    {
        using var compiled = Module.FromBytes(engine, "skill", module);
        using var store = new Store(engine) { Fuel = Fuel, CancellationToken = cancellation };
        var function = new Linker(engine).Instantiate(store, compiled).GetFunction("f")!;
        var passed = 0;
        foreach (var one in cases)
        {
            cancellation.ThrowIfCancellationRequested();
            store.Fuel = Fuel;
            try
            {
                if (function.Invoke([.. one.Arguments.Select(Value.FromInt64)])[0].AsInt64() == one.Result) passed++;
            }
            catch (TrapException)
            {
                cancellation.ThrowIfCancellationRequested();
            }
        }

        return passed / (double)cases.Count;
    }

    private static void AppendSection(List<byte> module, byte id, List<byte> content)
    {
        module.Add(id);
        AppendUnsigned(module, content.Count);
        module.AddRange(content);
    }

    private static void AppendUnsigned(List<byte> bytes, int value)
    {
        for (; value >= 0x80; value >>= 7) bytes.Add((byte)(value | 0x80));
        bytes.Add((byte)value);
    }

    /// <summary>Signed LEB128; a small number that is not negative and below 64 is the same as unsigned, which is what a local's index is.</summary>
    private static void AppendSigned(List<byte> bytes, long value)
    {
        while (value is < -64 or > 63)
        {
            bytes.Add((byte)(value | 0x80));
            value >>= 7;
        }

        bytes.Add((byte)(value & 0x7F));
    }
}
