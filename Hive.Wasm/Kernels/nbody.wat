;; n steps of five bodies under gravity. A body is seven f64: position, velocity, mass; the start is arbitrary but fixed.
(module
  (memory 1)
  (func $start
    (local $i i32) (local $seed i32) (local $at i32)
    (local.set $seed (i32.const 7))
    (loop $again
      (local.set $seed (i32.add (i32.mul (local.get $seed) (i32.const 1664525)) (i32.const 1013904223)))
      (f64.store (local.get $at) (f64.div (f64.convert_i32_s (i32.shr_s (local.get $seed) (i32.const 8))) (f64.const 1000000)))
      (local.set $at (i32.add (local.get $at) (i32.const 8)))
      (br_if $again (i32.lt_u (local.tee $i (i32.add (local.get $i) (i32.const 1))) (i32.const 35))))
    (local.set $at (i32.const 48))
    (local.set $i (i32.const 0))
    (loop $masses
      (f64.store (local.get $at) (f64.add (f64.abs (f64.load (local.get $at))) (f64.const 0.5)))
      (local.set $at (i32.add (local.get $at) (i32.const 56)))
      (br_if $masses (i32.lt_u (local.tee $i (i32.add (local.get $i) (i32.const 1))) (i32.const 5)))))
  (func $step (param $dt f64)
    (local $a i32) (local $b i32) (local $dx f64) (local $dy f64) (local $dz f64) (local $d2 f64) (local $mag f64) (local $m f64)
    (loop $outer
      (local.set $b (i32.add (local.get $a) (i32.const 56)))
      (block $done
        (loop $inner
          (br_if $done (i32.ge_u (local.get $b) (i32.const 280)))
          (local.set $dx (f64.sub (f64.load (local.get $a)) (f64.load (local.get $b))))
          (local.set $dy (f64.sub (f64.load offset=8 (local.get $a)) (f64.load offset=8 (local.get $b))))
          (local.set $dz (f64.sub (f64.load offset=16 (local.get $a)) (f64.load offset=16 (local.get $b))))
          (local.set $d2 (f64.add (f64.add (f64.add (f64.mul (local.get $dx) (local.get $dx)) (f64.mul (local.get $dy) (local.get $dy)))
            (f64.mul (local.get $dz) (local.get $dz))) (f64.const 0.01)))
          (local.set $mag (f64.div (local.get $dt) (f64.mul (local.get $d2) (f64.sqrt (local.get $d2)))))
          (local.set $m (f64.mul (f64.load offset=48 (local.get $b)) (local.get $mag)))
          (f64.store offset=24 (local.get $a) (f64.sub (f64.load offset=24 (local.get $a)) (f64.mul (local.get $dx) (local.get $m))))
          (f64.store offset=32 (local.get $a) (f64.sub (f64.load offset=32 (local.get $a)) (f64.mul (local.get $dy) (local.get $m))))
          (f64.store offset=40 (local.get $a) (f64.sub (f64.load offset=40 (local.get $a)) (f64.mul (local.get $dz) (local.get $m))))
          (local.set $m (f64.mul (f64.load offset=48 (local.get $a)) (local.get $mag)))
          (f64.store offset=24 (local.get $b) (f64.add (f64.load offset=24 (local.get $b)) (f64.mul (local.get $dx) (local.get $m))))
          (f64.store offset=32 (local.get $b) (f64.add (f64.load offset=32 (local.get $b)) (f64.mul (local.get $dy) (local.get $m))))
          (f64.store offset=40 (local.get $b) (f64.add (f64.load offset=40 (local.get $b)) (f64.mul (local.get $dz) (local.get $m))))
          (local.set $b (i32.add (local.get $b) (i32.const 56)))
          (br $inner)))
      (br_if $outer (i32.lt_u (local.tee $a (i32.add (local.get $a) (i32.const 56))) (i32.const 280))))
    (local.set $a (i32.const 0))
    (loop $move
      (f64.store (local.get $a) (f64.add (f64.load (local.get $a)) (f64.mul (local.get $dt) (f64.load offset=24 (local.get $a)))))
      (f64.store offset=8 (local.get $a) (f64.add (f64.load offset=8 (local.get $a)) (f64.mul (local.get $dt) (f64.load offset=32 (local.get $a)))))
      (f64.store offset=16 (local.get $a) (f64.add (f64.load offset=16 (local.get $a)) (f64.mul (local.get $dt) (f64.load offset=40 (local.get $a)))))
      (br_if $move (i32.lt_u (local.tee $a (i32.add (local.get $a) (i32.const 56))) (i32.const 280)))))
  (func (export "run") (param $n i32) (result i32)
    (call $start)
    (loop $again
      (call $step (f64.const 0.0001))
      (br_if $again (local.tee $n (i32.sub (local.get $n) (i32.const 1)))))
    (i32.trunc_sat_f64_s (f64.mul (f64.add (f64.load (i32.const 0)) (f64.load (i32.const 120))) (f64.const 1000000)))))
