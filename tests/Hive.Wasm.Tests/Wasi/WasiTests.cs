using System.Text;
using Hive.Wasm.Tests.Core;

namespace Hive.Wasm.Tests.WasiPrograms;

public sealed class WasiTests
{
    private const string Imports = """
        (import "wasi_snapshot_preview1" "fd_write" (func $fd_write (param i32 i32 i32 i32) (result i32)))
        (import "wasi_snapshot_preview1" "fd_read" (func $fd_read (param i32 i32 i32 i32) (result i32)))
        (import "wasi_snapshot_preview1" "random_get" (func $random_get (param i32 i32) (result i32)))
        (import "wasi_snapshot_preview1" "clock_time_get" (func $clock (param i32 i64 i32) (result i32)))
        (import "wasi_snapshot_preview1" "proc_exit" (func $exit (param i32)))
        (import "wasi_snapshot_preview1" "sock_shutdown" (func $sock (param i32 i32) (result i32)))
        (import "wasi_snapshot_preview1" "path_open" (func $open (param i32 i32 i32 i32 i32 i64 i64 i32 i32) (result i32)))
        (memory (export "memory") 1)
        """;

    [Fact]
    public void A_program_copies_its_input_to_its_output()
    {
        var wasi = new Wasi(new WasiConfiguration { StandardInput = new MemoryStream("what goes in"u8.ToArray()) });
        var code = Run(wasi, """
            (func (export "_start")
              (i32.store (i32.const 0) (i32.const 100)) (i32.store (i32.const 4) (i32.const 1000))
              (drop (call $fd_read (i32.const 0) (i32.const 0) (i32.const 1) (i32.const 8)))
              (i32.store (i32.const 4) (i32.load (i32.const 8)))
              (drop (call $fd_write (i32.const 1) (i32.const 0) (i32.const 1) (i32.const 8))))
            """);
        Assert.Equal(0, code);
        Assert.Equal("what goes in", Encoding.UTF8.GetString(wasi.StandardOutput));
        Assert.Empty(wasi.StandardError);
    }

    [Fact]
    public void Exit_ends_the_program_with_its_code() =>
        Assert.Equal(42, Run(new Wasi(new WasiConfiguration()), """(func (export "_start") (call $exit (i32.const 42)) (unreachable))"""));

    [Fact]
    public void Pointers_outside_memory_are_a_fault_and_no_trap() =>
        Assert.Equal(21, Run(new Wasi(new WasiConfiguration()), """(func (export "_start") (call $exit (call $random_get (i32.const -8) (i32.const 16))))"""));

    [Fact]
    public void Sockets_do_not_exist() =>
        Assert.Equal(52, Run(new Wasi(new WasiConfiguration()), """(func (export "_start") (call $exit (call $sock (i32.const 0) (i32.const 0))))"""));

    [Theory]
    [InlineData(1UL)]
    [InlineData(2UL)]
    public void Randomness_and_time_repeat_with_the_seed(ulong seed)
    {
        byte[] Once(ulong with)
        {
            var wasi = new Wasi(new WasiConfiguration { RandomSeed = with });
            Run(wasi, """
                (func (export "_start")
                  (drop (call $random_get (i32.const 100) (i32.const 50)))
                  (drop (call $clock (i32.const 0) (i64.const 1) (i32.const 150)))
                  (i32.store (i32.const 0) (i32.const 100)) (i32.store (i32.const 4) (i32.const 58))
                  (drop (call $fd_write (i32.const 1) (i32.const 0) (i32.const 1) (i32.const 8))))
                """);
            return wasi.StandardOutput;
        }

        Assert.Equal(Once(seed), Once(seed));
        Assert.NotEqual(Once(seed), Once(seed + 1));
        Assert.Equal(58, Once(seed).Length);
    }

    [Fact]
    public void Output_is_kept_up_to_its_bound()
    {
        var wasi = new Wasi(new WasiConfiguration { MaxOutputBytes = 100 });
        var code = Run(wasi, """
            (func (export "_start") (local $error i32)
              (i32.store (i32.const 4) (i32.const 30))
              (loop $again (br_if $again (i32.eqz (local.tee $error (call $fd_write (i32.const 1) (i32.const 0) (i32.const 1) (i32.const 8))))))
              (call $exit (local.get $error)))
            """);
        Assert.Equal(51, code);
        Assert.Equal(90, wasi.StandardOutput.Length);
    }

    [Theory]
    [InlineData("data/a.txt", 0, 0L, 0)]
    [InlineData("data/absent", 0, 0L, 44)]
    [InlineData("../etc/passwd", 0, 0L, 76)]
    [InlineData("data/a.txt", 8, 0L, 69)]
    [InlineData("data/a.txt", 0, 64L, 69)]
    [InlineData("data/new", 1, 64L, 69)]
    [InlineData("data/a.txt/", 0, 0L, 54)]
    public void Only_files_that_were_given_open_and_only_to_be_read(string path, int flags, long rights, int expected)
    {
        var wasi = new Wasi(new WasiConfiguration { Files = new Dictionary<string, ReadOnlyMemory<byte>> { ["/data/a.txt"] = "text"u8.ToArray() } });
        var code = Run(wasi, $"""
            (data (i32.const 64) "{path}")
            (func (export "_start") (call $exit (call $open (i32.const 3) (i32.const 0) (i32.const 64) (i32.const {path.Length})
              (i32.const {flags}) (i64.const {rights}) (i64.const 0) (i32.const 0) (i32.const 0))))
            """);
        Assert.Equal(expected, code);
    }

    [Fact]
    public void A_module_without_start_is_no_command()
    {
        using var guest = Guest.Of("(module)");
        Assert.Throws<LinkException>(() => Wasi.Run(guest.Instance));
    }

    private static int Run(Wasi wasi, string body)
    {
        using var guest = Guest.Of($"(module {Imports} {body})", link: linker => linker.DefineWasi(wasi));
        return Wasi.Run(guest.Instance);
    }
}
