;; The product of two n by n matrices of f64, n at most 512: A at 0, B at 2 MiB, C at 4 MiB.
(module
  (memory 96)
  (func $fill (param $at i32) (param $count i32) (param $seed i32)
    (local $i i32)
    (loop $again
      (local.set $seed (i32.add (i32.mul (local.get $seed) (i32.const 1664525)) (i32.const 1013904223)))
      (f64.store (i32.add (local.get $at) (i32.shl (local.get $i) (i32.const 3)))
        (f64.div (f64.convert_i32_s (i32.shr_s (local.get $seed) (i32.const 8))) (f64.const 8388608)))
      (br_if $again (i32.lt_u (local.tee $i (i32.add (local.get $i) (i32.const 1))) (local.get $count)))))
  (func (export "run") (param $n i32) (result i32)
    (local $i i32) (local $j i32) (local $k i32) (local $a i32) (local $b i32) (local $row i32) (local $sum f64) (local $trace f64)
    (call $fill (i32.const 0) (i32.mul (local.get $n) (local.get $n)) (i32.const 1))
    (call $fill (i32.const 0x200000) (i32.mul (local.get $n) (local.get $n)) (i32.const 2))
    (local.set $row (i32.shl (local.get $n) (i32.const 3)))
    (loop $rows
      (local.set $j (i32.const 0))
      (loop $columns
        (local.set $sum (f64.const 0))
        (local.set $k (i32.const 0))
        (local.set $a (i32.mul (local.get $i) (local.get $row)))
        (local.set $b (i32.add (i32.const 0x200000) (i32.shl (local.get $j) (i32.const 3))))
        (loop $products
          (local.set $sum (f64.add (local.get $sum) (f64.mul (f64.load (local.get $a)) (f64.load (local.get $b)))))
          (local.set $a (i32.add (local.get $a) (i32.const 8)))
          (local.set $b (i32.add (local.get $b) (local.get $row)))
          (br_if $products (i32.lt_u (local.tee $k (i32.add (local.get $k) (i32.const 1))) (local.get $n))))
        (f64.store offset=0x400000 (i32.add (i32.mul (local.get $i) (local.get $row)) (i32.shl (local.get $j) (i32.const 3))) (local.get $sum))
        (br_if $columns (i32.lt_u (local.tee $j (i32.add (local.get $j) (i32.const 1))) (local.get $n))))
      (local.set $trace (f64.add (local.get $trace)
        (f64.load offset=0x400000 (i32.mul (local.get $i) (i32.add (local.get $row) (i32.const 8))))))
      (br_if $rows (i32.lt_u (local.tee $i (i32.add (local.get $i) (i32.const 1))) (local.get $n))))
    (i32.trunc_sat_f64_s (f64.mul (local.get $trace) (f64.const 1000)))))
