using System.Diagnostics;
using System.Text;

namespace Hive.Wasm.Tests.Programs;

/// <summary>Programs that were not written for this project print what their native builds print.</summary>
public sealed class RealProgramTests
{
    private const string LuaScript = """
        local function fib(n) if n < 2 then return n end return fib(n - 1) + fib(n - 2) end
        print(fib(20), _VERSION)
        local t = {} for i = 1, 2000 do t[i] = (i * 7919) % 2003 end table.sort(t) print(t[1], t[1000], #t)
        local s = {} for w in ("the quick brown fox"):gmatch("%a+") do s[#s + 1] = w:upper():reverse() end print(table.concat(s, " "))
        print(string.format("%.14g %5.2f %x %q", math.pi, 2 / 3, 255, "a\nb"))
        local C = setmetatable({}, { __index = function(_, k) return k * 2 end, __call = function(_, a, b) return a // b end })
        print(C[21], C(17, 5), 7 % -3, -7 // 2, 1e308 * 10, 0 / 0 ~= 0 / 0)
        local sum = 0.0 for i = 1, 20000 do sum = sum + math.sqrt(i) / (i + 1) end print(string.format("%.17g", sum))
        local sieve, n = {}, 5000 for i = 2, n do if not sieve[i] then for j = i * i, n, i do sieve[j] = true end end end
        local c = 0 for i = 2, n do if not sieve[i] then c = c + 1 end end print(c, utf8.char(228, 8364), select('#', 1, 2, 3))
        print(("x"):rep(10), #("abc"):rep(1000), string.pack("<i4", 100):byte(1, -1))
        for line in io.lines("input.json") do io.write(#line, " ") end print()
        """;

    private const string Json = """
        bf{"name": "Jack (\"Bee\") Nimble", "format": {"type": "rect", "width": 1920, "ratio": 1.7777777777777777, "interlace": false, "none": null},
        "list": [1, -2.5e10, 1e-7, "\u00e4\u20ac", [], {}, [[[0]]]]}
        """;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void The_JSON_parser_prints_what_its_native_build_prints(bool metered) => Compare("json", metered, ["input.json", "yes"], []);

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void The_interpreter_prints_what_its_native_build_prints(bool metered) => Compare("lua", metered, ["script.lua"], []);

    [Fact]
    public void The_compressor_makes_the_same_bytes_as_its_native_build()
    {
        var text = Encoding.UTF8.GetBytes(string.Concat(Enumerable.Range(0, 20_000).Select(i => $"line {i * 7919 % 1000}\n")));
        var compressed = Compare("gzip", false, [], text);
        Assert.True(compressed.Length < text.Length / 3);
        Assert.Equal(text, Compare("gzip", true, ["-d"], compressed));
    }

    private static byte[] Compare(string program, bool metered, string[] arguments, byte[] input)
    {
        Assert.SkipWhen(RealPrograms.WhyAbsent is not null, RealPrograms.WhyAbsent ?? "");
        var files = new Dictionary<string, byte[]> { ["input.json"] = Encoding.UTF8.GetBytes(Json), ["script.lua"] = Encoding.UTF8.GetBytes(LuaScript) };
        var (code, output) = RunGuest(program, metered, arguments, input, files);
        var (nativeCode, nativeOutput) = RunNative(program, arguments, input, files);
        Assert.Equal(nativeCode, code);
        Assert.Equal(Encoding.Latin1.GetString(nativeOutput), Encoding.Latin1.GetString(output));
        Assert.NotEmpty(output);
        return output;
    }

    private static (int Code, byte[] Output) RunGuest(string program, bool metered, string[] arguments, byte[] input, Dictionary<string, byte[]> files)
    {
        var engine = new Engine(new Config { ConsumeFuel = metered });
        using var module = Module.FromFile(engine, Path.Combine(RealPrograms.Folder, program + ".wasm"));
        using var store = new Store(engine) { Fuel = 100_000_000_000 };
        var wasi = new Wasi(new WasiConfiguration
        {
            Arguments = [program, .. arguments],
            StandardInput = new MemoryStream(input),
            Files = files.ToDictionary(file => file.Key, file => new ReadOnlyMemory<byte>(file.Value)),
        });
        return (Wasi.Run(new Linker(engine).DefineWasi(wasi).Instantiate(store, module)), wasi.StandardOutput);
    }

    private static (int Code, byte[] Output) RunNative(string program, string[] arguments, byte[] input, Dictionary<string, byte[]> files)
    {
        var folder = Directory.CreateTempSubdirectory("hive-wasm-native-");
        try
        {
            foreach (var (name, content) in files) File.WriteAllBytes(Path.Combine(folder.FullName, name), content);
            var start = new ProcessStartInfo(Path.Combine(RealPrograms.Folder, program), arguments)
            {
                WorkingDirectory = folder.FullName,
                RedirectStandardInput = true,
                RedirectStandardOutput = true,
            };
            using var process = Process.Start(start)!;
            var feeder = Task.Run(() =>
            {
                process.StandardInput.BaseStream.Write(input);
                process.StandardInput.Close();
            });
            using var output = new MemoryStream();
            process.StandardOutput.BaseStream.CopyTo(output);
            feeder.Wait();
            process.WaitForExit();
            return (process.ExitCode, output.ToArray());
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }
}
