using FsCheck;
using FsCheck.Fluent;

namespace Hive.Wasm.Tests.Core;

/// <summary>Arithmetic NaNs have the canonical bits wherever they can be seen; values that are only moved keep theirs.</summary>
public sealed class NanTests
{
    private const uint Canonical32 = 0x7fc00000;
    private const ulong Canonical64 = 0x7ff8000000000000;

    private const string Arithmetic = """
        (module
          (memory (export "memory") 1)
          (global $g (export "g") (mut f32) (f32.const 0))
          (func $id (param f32) (result f32) (local.get 0))
          (func (export "stored") (param f32 f32) (f32.store (i32.const 0) (f32.mul (f32.add (local.get 0) (local.get 1)) (f32.const 2))))
          (func (export "reinterpreted") (param f32 f32) (result i32) (i32.reinterpret_f32 (f32.sqrt (f32.sub (local.get 0) (local.get 1)))))
          (func (export "passed") (param f32 f32) (result f32) (call $id (f32.min (local.get 0) (local.get 1))))
          (func (export "global") (param f32 f32) (result f32) (global.set $g (f32.div (local.get 0) (local.get 1))) (global.get $g))
          (func (export "sign") (param f32 f32) (result f32) (f32.copysign (f32.const 1) (f32.add (local.get 0) (local.get 1))))
          (func (export "looped") (param f32 f32) (result f32) (local $sum f32) (local $i i32)
            (loop $again
              (local.set $sum (f32.add (local.get $sum) (f32.mul (local.get 0) (local.get 1))))
              (br_if $again (i32.lt_u (local.tee $i (i32.add (local.get $i) (i32.const 1))) (i32.const 3))))
            (local.get $sum))
          (func (export "mixed") (param f32 f32) (result f32) (local $x f32) (local $i i32)
            (local.set $x (f32.load (i32.const 16)))
            (loop $again
              (if (local.get $i) (then (local.set $x (f32.add (local.get 0) (local.get 1)))))
              (br_if $again (i32.lt_u (local.tee $i (i32.add (local.get $i) (i32.const 1))) (i32.const 2))))
            (local.get $x))
          (func (export "wide") (param f32 f32) (result i64) (i64.reinterpret_f64 (f64.promote_f32 (f32.add (local.get 0) (local.get 1)))))
          (func (export "lanes") (param f32 f32) (result v128) (f32x4.add (f32x4.splat (local.get 0)) (f32x4.splat (local.get 1))))
          (func (export "copied") (param i32) (result i32) (local $x f32) (local $i i32)
            (i32.store (i32.const 16) (local.get 0))
            (loop $again
              (local.set $x (f32.load (i32.const 16)))
              (br_if $again (i32.lt_u (local.tee $i (i32.add (local.get $i) (i32.const 1))) (i32.const 2))))
            (f32.store (i32.const 20) (local.get $x))
            (i32.load (i32.const 20))))
        """;

    [Fact]
    public void Arithmetic_on_NaNs_of_any_bits_gives_the_canonical_NaN()
    {
        using var guest = Guest.Of(Arithmetic);
        var memory = guest.Instance.GetMemory("memory")!;
        Prop.ForAll<uint, float>((payload, other) =>
        {
            var nan = Value.FromSingleBits(0x7f800001 | (payload & 0x807fffff));
            var number = Value.FromSingle(other);
            foreach (var (a, b) in ((Value, Value)[])[(nan, number), (number, nan), (nan, nan)])
            {
                guest.Call("stored", a, b);
                Assert.Equal(Canonical32, memory.Read<uint>(0));
                Assert.Equal(Canonical32, (uint)guest.Call("reinterpreted", a, b)[0].AsInt32());
                foreach (var name in (string[])["passed", "global", "looped", "mixed"])
                    Assert.Equal(Value.FromSingleBits(Canonical32), guest.Call(name, a, b)[0]);
                Assert.Equal(1f, guest.Call("sign", a, b)[0].AsSingle());
                Assert.Equal(Canonical64, (ulong)guest.Call("wide", a, b)[0].AsInt64());
                Assert.Equal(Canonical32, guest.Call("lanes", a, b)[0].AsV128().AsLane(2));
            }
        }).QuickCheckThrowOnFailure();
    }

    [Fact]
    public void What_is_only_moved_keeps_its_bits()
    {
        using var guest = Guest.Of(Arithmetic);
        Prop.ForAll<int>(bits => guest.Call("copied", bits)[0].AsInt32() == bits).QuickCheckThrowOnFailure();
        Assert.Equal(0x7fa00000, guest.Call("copied", 0x7fa00000)[0].AsInt32());
    }

    [Fact]
    public void Signalling_constants_keep_their_bits()
    {
        using var guest = Guest.Of("""
            (module
              (func (export "constant") (result i32) (local f32) (local.set 0 (f32.const nan:0x200000)) (i32.reinterpret_f32 (local.get 0)))
              (func (export "reinterpreted") (result i32) (i32.reinterpret_f32 (f32.neg (f32.reinterpret_i32 (i32.const 0x7fa00000))))))
            """);
        Assert.Equal(0x7fa00000, guest.Call("constant")[0].AsInt32());
        Assert.Equal(unchecked((int)0xffa00000), guest.Call("reinterpreted")[0].AsInt32());
    }
}
