;; A chain of 64-bit multiplications, shifts and additions without memory (xorshift* and a sum).
(module
  (func (export "run") (param $n i32) (result i32)
    (local $i i32) (local $x i64) (local $sum i64)
    (local.set $x (i64.const 0x9e3779b97f4a7c15))
    (loop $again
      (local.set $x (i64.xor (local.get $x) (i64.shr_u (local.get $x) (i64.const 12))))
      (local.set $x (i64.xor (local.get $x) (i64.shl (local.get $x) (i64.const 25))))
      (local.set $x (i64.xor (local.get $x) (i64.shr_u (local.get $x) (i64.const 27))))
      (local.set $sum (i64.add (local.get $sum) (i64.mul (local.get $x) (i64.const 0x2545f4914f6cdd1d))))
      (br_if $again (i32.lt_u (local.tee $i (i32.add (local.get $i) (i32.const 1))) (local.get $n))))
    (i32.wrap_i64 (i64.xor (local.get $sum) (i64.shr_u (local.get $sum) (i64.const 32))))))
