using System.Diagnostics;
using System.Text;

namespace Hive.Wasm.Tests.Programs;

/// <summary>A Rust program with the standard library prints what its native build prints, where a Rust compiler for WASI is installed.</summary>
public sealed class RustProgramTests
{
    private const string Program = """
        use std::collections::BTreeMap;
        use std::io::{self, BufRead};
        fn main() {
            let mut words: BTreeMap<String, usize> = BTreeMap::new();
            for line in io::stdin().lock().lines() {
                for word in line.unwrap().split_whitespace() { *words.entry(word.to_lowercase()).or_default() += 1; }
            }
            for (word, count) in &words { println!("{word:>8} {count}"); }
            println!("{:?} {:?}", "12x".parse::<i32>(), "1e3".parse::<f64>());
            let mut numbers: Vec<f64> = (0..1000).map(|i| ((i * 7919) % 1009) as f64 / 3.0).collect();
            numbers.sort_by(|a, b| b.partial_cmp(a).unwrap());
            println!("{:.6} {:?} {}", numbers[0], numbers.iter().sum::<f64>(), u128::MAX / 7);
            println!("{:?}", std::fs::read_to_string("absent.txt").map_err(|e| e.kind()));
            std::process::exit(words.len() as i32);
        }
        """;

    [Fact]
    public void A_Rust_program_prints_what_its_native_build_prints()
    {
        var (compiler, target) = Find();
        Assert.SkipWhen(compiler is null, "no Rust compiler here has the standard library for WASI (Debian: rustc and libstd-rust-dev-wasm32)");
        var folder = Directory.CreateTempSubdirectory("hive-wasm-rust-");
        try
        {
            File.WriteAllText(Path.Combine(folder.FullName, "program.rs"), Program);
            Execute(compiler!, folder.FullName, "", "--target", target!, "-O", "-o", "program.wasm", "program.rs");
            Execute(compiler!, folder.FullName, "", "-O", "-o", "program", "program.rs");
            const string Input = "the quick brown fox\nthe lazy dog THE end\n";
            var (code, output) = Execute(Path.Combine(folder.FullName, "program"), folder.FullName, Input);
            var wasi = new Wasi(new WasiConfiguration { StandardInput = new MemoryStream(Encoding.UTF8.GetBytes(Input)) });
            var engine = new Engine(new Config { ConsumeFuel = true });
            using var module = Module.FromFile(engine, Path.Combine(folder.FullName, "program.wasm"));
            using var store = new Store(engine) { Fuel = 1_000_000_000 };
            Assert.Equal(code, Wasi.Run(new Linker(engine).DefineWasi(wasi).Instantiate(store, module)));
            Assert.Equal(output, Encoding.UTF8.GetString(wasi.StandardOutput));
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static (string? Compiler, string? Target) Find()
    {
        foreach (var compiler in (string[])["/usr/bin/rustc", "/usr/local/bin/rustc"])
        {
            if (!File.Exists(compiler)) continue;
            var libraries = Path.Combine(Execute(compiler, ".", "", "--print", "sysroot").Output.Trim(), "lib", "rustlib");
            foreach (var target in (string[])["wasm32-wasip1", "wasm32-wasi"])
            {
                if (Directory.Exists(Path.Combine(libraries, target, "lib"))) return (compiler, target);
            }
        }

        return (null, null);
    }

    private static (int Code, string Output) Execute(string program, string folder, string input, params string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments) { WorkingDirectory = folder, RedirectStandardInput = true, RedirectStandardOutput = true };
        using var process = Process.Start(start)!;
        process.StandardInput.Write(input);
        process.StandardInput.Close();
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return (process.ExitCode, output);
    }
}
