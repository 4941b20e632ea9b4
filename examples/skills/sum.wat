;; A skill: reads whole numbers from standard input, separated by anything, and prints their sum.
;; A WASI command in the text format; any toolchain that makes WASI commands (clang, Rust, TinyGo) does as well.
(module
  (import "wasi_snapshot_preview1" "fd_read" (func $fd_read (param i32 i32 i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "fd_write" (func $fd_write (param i32 i32 i32 i32) (result i32)))
  (memory (export "memory") 1)
  ;; 0: an iovec (address, length); 8: bytes read or written; 64 to 96: the digits of the sum; 1024 on: the input, a piece at a time
  (global $sum (mut i64) (i64.const 0))
  (global $number (mut i64) (i64.const 0))
  (global $negative (mut i32) (i32.const 0))

  (func $take_number
    (global.set $sum
      (i64.add (global.get $sum)
        (select (i64.sub (i64.const 0) (global.get $number)) (global.get $number) (global.get $negative))))
    (global.set $number (i64.const 0))
    (global.set $negative (i32.const 0)))

  (func $take_byte (param $byte i32)
    (local $digit i32)
    (local.set $digit (i32.sub (local.get $byte) (i32.const 48)))
    (if (i32.lt_u (local.get $digit) (i32.const 10))
      (then
        (global.set $number
          (i64.add (i64.mul (global.get $number) (i64.const 10)) (i64.extend_i32_u (local.get $digit)))))
      (else
        (call $take_number)
        (global.set $negative (i32.eq (local.get $byte) (i32.const 45))))))

  (func $read_all
    (local $at i32) (local $end i32)
    (loop $pieces
      (i32.store (i32.const 0) (i32.const 1024))
      (i32.store (i32.const 4) (i32.const 32768))
      (drop (call $fd_read (i32.const 0) (i32.const 0) (i32.const 1) (i32.const 8)))
      (local.set $at (i32.const 1024))
      (local.set $end (i32.add (i32.const 1024) (i32.load (i32.const 8))))
      (block $taken
        (loop $bytes
          (br_if $taken (i32.ge_u (local.get $at) (local.get $end)))
          (call $take_byte (i32.load8_u (local.get $at)))
          (local.set $at (i32.add (local.get $at) (i32.const 1)))
          (br $bytes)))
      (br_if $pieces (i32.load (i32.const 8))))
    (call $take_number))

  (func $print_sum
    (local $at i32) (local $rest i64)
    (local.set $at (i32.const 95))
    (i32.store8 (local.get $at) (i32.const 10))
    (local.set $rest
      (select (i64.sub (i64.const 0) (global.get $sum)) (global.get $sum) (i64.lt_s (global.get $sum) (i64.const 0))))
    (loop $digits
      (local.set $at (i32.sub (local.get $at) (i32.const 1)))
      (i32.store8 (local.get $at) (i32.add (i32.const 48) (i32.wrap_i64 (i64.rem_u (local.get $rest) (i64.const 10)))))
      (local.set $rest (i64.div_u (local.get $rest) (i64.const 10)))
      (br_if $digits (i64.ne (local.get $rest) (i64.const 0))))
    (if (i64.lt_s (global.get $sum) (i64.const 0))
      (then
        (local.set $at (i32.sub (local.get $at) (i32.const 1)))
        (i32.store8 (local.get $at) (i32.const 45))))
    (i32.store (i32.const 0) (local.get $at))
    (i32.store (i32.const 4) (i32.sub (i32.const 96) (local.get $at)))
    (drop (call $fd_write (i32.const 1) (i32.const 0) (i32.const 1) (i32.const 8))))

  (func (export "_start")
    (call $read_all)
    (call $print_sum)))
