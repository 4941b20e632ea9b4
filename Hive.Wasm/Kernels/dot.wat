;; The dot product of two vectors of 16,384 f32, n times, four lanes at once.
(module
  (memory 3)
  (func $fill
    (local $i i32)
    (loop $again
      (f32.store (local.get $i) (f32.div (f32.convert_i32_u (i32.and (local.get $i) (i32.const 1023))) (f32.const 1024)))
      (br_if $again (i32.lt_u (local.tee $i (i32.add (local.get $i) (i32.const 4))) (i32.const 131072)))))
  (func (export "run") (param $n i32) (result i32)
    (local $i i32) (local $sum v128) (local $total f32)
    (call $fill)
    (loop $times
      (local.set $sum (v128.const f32x4 0 0 0 0))
      (local.set $i (i32.const 0))
      (loop $again
        (local.set $sum (f32x4.add (local.get $sum) (f32x4.mul (v128.load (local.get $i)) (v128.load offset=65536 (local.get $i)))))
        (br_if $again (i32.lt_u (local.tee $i (i32.add (local.get $i) (i32.const 16))) (i32.const 65536))))
      (local.set $total (f32.add (local.get $total) (f32.add
        (f32.add (f32x4.extract_lane 0 (local.get $sum)) (f32x4.extract_lane 1 (local.get $sum)))
        (f32.add (f32x4.extract_lane 2 (local.get $sum)) (f32x4.extract_lane 3 (local.get $sum))))))
      (br_if $times (local.tee $n (i32.sub (local.get $n) (i32.const 1)))))
    (i32.reinterpret_f32 (local.get $total))))
