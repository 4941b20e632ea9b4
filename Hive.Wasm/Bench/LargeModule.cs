using System.Text;
using Hive.Wasm.Text;

namespace Hive.Wasm.Bench;

/// <summary>Makes a module of a given size: many functions of mixed code that call each other in chains, a memory and a table.</summary>
internal static class LargeModule
{
    public static byte[] Build(int bytes)
    {
        // A function takes some 150 bytes in the binary format.
        for (var functions = bytes / 150; ; functions += functions / 20)
        {
            var binary = WatCompiler.ToBinary(Text(functions), "large");
            if (binary.Length >= bytes) return binary;
        }
    }

    private static string Text(int functions)
    {
        var text = new StringBuilder("(module (memory 2) (table 64 funcref) (global $g (mut i32) (i32.const 1))\n");
        text.Append("(func (export \"run\") (param i32) (result i32) (call $f0 (local.get 0)))\n");
        for (var i = 0; i < functions; i++)
        {
            text.Append($"(func $f{i} (param $x i32) (result i32) (local $y i32) (local $z f64)\n");
            text.Append($"(local.set $y (i32.add (i32.mul (local.get $x) (i32.const {i * 7919})) (i32.const {i})))\n");
            text.Append($"(i32.store offset={i % 4096 * 4} (i32.const 0) (i32.xor (local.get $y) (i32.load offset={i % 2048 * 4} (i32.const 8))))\n");
            text.Append("(local.set $z (f64.mul (f64.convert_i32_s (local.get $y)) (f64.const 0.5)))\n");
            text.Append("(block $out (loop $again (br_if $out (i32.ge_u (local.get $x) (i32.const 16))) (local.set $x (i32.add (local.get $x) (i32.const 3)))\n");
            text.Append("(if (i32.and (local.get $x) (i32.const 1)) (then (global.set $g (i32.add (global.get $g) (local.get $x)))) (else (local.set $y (i32.shl (local.get $y) (i32.const 1)))))\n");
            text.Append("(br $again)))\n");
            text.Append($"(i32.add (i32.trunc_sat_f64_s (local.get $z)) {(i % 8 == 7 || i + 1 == functions ? "(local.get $y)" : $"(call $f{i + 1} (local.get $y))")}))\n");
        }

        return text.Append($"(elem (i32.const 0) {string.Join(' ', Enumerable.Range(0, 64).Select(i => $"$f{i}"))}))").ToString();
    }
}
