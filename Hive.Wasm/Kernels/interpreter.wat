;; A small register machine: the program (op, a, b, c in bytes) sums the Collatz steps of the numbers up to n.
(module
  (memory 1)
  ;; 0 r[a]=b | 1 r[a]=r[b]+r[c] | 2 r[a]=r[b]>>1 | 3 r[a]=r[b]&1 | 4 r[a]=r[b]*3+1 | 5 if r[a]==0 jump b | 6 jump b | 7 if r[a]==1 jump b | 8 if r[a]<r[b] jump c | 9 halt
  (data (i32.const 256)
    "\00\01\01\00" ;; 0: i = 1
    "\00\02\00\00" ;; 1: steps = 0
    "\00\05\01\00" ;; 2: one = 1
    "\00\06\00\00" ;; 3: zero = 0
    "\01\03\01\06" ;; 4: x = i
    "\07\03\0d\00" ;; 5: if x == 1 goto 13
    "\01\02\02\05" ;; 6: steps += 1
    "\03\04\03\00" ;; 7: odd = x & 1
    "\05\04\0b\00" ;; 8: if odd == 0 goto 11
    "\04\03\03\00" ;; 9: x = 3x + 1
    "\06\00\05\00" ;; 10: goto 5
    "\02\03\03\00" ;; 11: x >>= 1
    "\06\00\05\00" ;; 12: goto 5
    "\01\01\01\05" ;; 13: i += 1
    "\08\01\00\04" ;; 14: if i < n goto 4
    "\09\00\00\00") ;; 15: halt
  (func (export "run") (param $n i32) (result i32)
    (local $pc i32) (local $op i32) (local $a i32) (local $b i32) (local $c i32)
    (i32.store (i32.const 0) (local.get $n))
    (loop $next
      (local.set $op (i32.load offset=256 (i32.shl (local.get $pc) (i32.const 2))))
      (local.set $a (i32.shl (i32.and (i32.shr_u (local.get $op) (i32.const 8)) (i32.const 255)) (i32.const 2)))
      (local.set $b (i32.and (i32.shr_u (local.get $op) (i32.const 16)) (i32.const 255)))
      (local.set $c (i32.shr_u (local.get $op) (i32.const 24)))
      (local.set $pc (i32.add (local.get $pc) (i32.const 1)))
      (block $halt (block $less (block $one (block $jump (block $zero (block $triple (block $odd (block $half (block $add (block $set
        (br_table $set $add $half $odd $triple $zero $jump $one $less $halt (i32.and (local.get $op) (i32.const 255))))
        (i32.store (local.get $a) (local.get $b))
        (br $next))
        (i32.store (local.get $a) (i32.add (i32.load (i32.shl (local.get $b) (i32.const 2))) (i32.load (i32.shl (local.get $c) (i32.const 2)))))
        (br $next))
        (i32.store (local.get $a) (i32.shr_u (i32.load (i32.shl (local.get $b) (i32.const 2))) (i32.const 1)))
        (br $next))
        (i32.store (local.get $a) (i32.and (i32.load (i32.shl (local.get $b) (i32.const 2))) (i32.const 1)))
        (br $next))
        (i32.store (local.get $a) (i32.add (i32.mul (i32.load (i32.shl (local.get $b) (i32.const 2))) (i32.const 3)) (i32.const 1)))
        (br $next))
        (if (i32.eqz (i32.load (local.get $a))) (then (local.set $pc (local.get $b))))
        (br $next))
        (local.set $pc (local.get $b))
        (br $next))
        (if (i32.eq (i32.load (local.get $a)) (i32.const 1)) (then (local.set $pc (local.get $b))))
        (br $next))
        (if (i32.lt_u (i32.load (local.get $a)) (i32.load (i32.shl (local.get $b) (i32.const 2)))) (then (local.set $pc (local.get $c))))
        (br $next)))
    (i32.load (i32.const 8))))
