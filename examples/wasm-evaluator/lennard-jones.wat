;; The energy of a Lennard-Jones cluster in reduced units: the sum over pairs of 4 (r^-12 - r^-6).
;; The point is x, y, z of each atom, side by side, as doubles.
(module
  (memory (export "memory") 1)

  ;; Room for a point: the module keeps nothing else, so the memory's beginning will do.
  (func (export "reserve") (param $bytes i32) (result i32)
    (i32.const 0))

  (func $squared (param $x f64) (result f64)
    (f64.mul (local.get $x) (local.get $x)))

  (func $difference (param $a i32) (param $b i32) (result f64)
    (f64.sub (f64.load (local.get $a)) (f64.load (local.get $b))))

  (func (export "evaluate") (param $point i32) (param $length i32) (result f64)
    (local $end i32) (local $a i32) (local $b i32)
    (local $r2 f64) (local $r6 f64) (local $energy f64)
    (local.set $end (i32.add (local.get $point) (i32.shl (local.get $length) (i32.const 3))))
    (local.set $a (local.get $point))
    (block $done
      (loop $atoms
        (br_if $done (i32.ge_u (local.get $a) (local.get $end)))
        (local.set $b (i32.add (local.get $a) (i32.const 24)))
        (block $paired
          (loop $pairs
            (br_if $paired (i32.ge_u (local.get $b) (local.get $end)))
            (local.set $r2
              (f64.add
                (f64.add
                  (call $squared (call $difference (local.get $a) (local.get $b)))
                  (call $squared (call $difference (i32.add (local.get $a) (i32.const 8)) (i32.add (local.get $b) (i32.const 8)))))
                (call $squared (call $difference (i32.add (local.get $a) (i32.const 16)) (i32.add (local.get $b) (i32.const 16))))))
            ;; Atoms on top of each other would be infinitely repelled; keep the number finite.
            (local.set $r2 (f64.max (local.get $r2) (f64.const 0.01)))
            (local.set $r6 (f64.div (f64.const 1) (f64.mul (local.get $r2) (f64.mul (local.get $r2) (local.get $r2)))))
            (local.set $energy
              (f64.add (local.get $energy)
                (f64.mul (f64.const 4) (f64.mul (local.get $r6) (f64.sub (local.get $r6) (f64.const 1))))))
            (local.set $b (i32.add (local.get $b) (i32.const 24)))
            (br $pairs)))
        (local.set $a (i32.add (local.get $a) (i32.const 24)))
        (br $atoms)))
    (local.get $energy)))
