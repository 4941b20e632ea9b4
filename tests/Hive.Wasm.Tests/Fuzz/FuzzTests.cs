using System.Globalization;
using Hive.Wasm.Tests.Fuzz.Reference;
using Hive.Wasm.Text;

namespace Hive.Wasm.Tests.Fuzz;

/// <summary>
/// Random modules in the compiled engine and in the reference interpreter. The runs are bounded by counts; HIVE_FUZZ_SEED and HIVE_FUZZ_RUNS set the first
/// seed and how many modules, and every failure names its seed.
/// </summary>
public class FuzzTests(ITestOutputHelper output)
{
    private const int CallsOfEach = 3;
    private const long Steps = 2_000_000, StepsOfMutants = 100_000;

    private static readonly Config Limits = new() { ConsumeFuel = true, MaxMemoryBytes = 4 << 20, MaxTableElements = 10_000 };

    [Fact]
    public void Generated_modules_run_compiled_as_the_reference_runs_them()
    {
        var engine = new Engine(Limits);
        var (returned, trapped, exhausted) = (0, 0, 0);
        foreach (var seed in Seeds(150))
        {
            var generated = new GeneratedModule(seed);
            try
            {
                using var pair = new SideBySide(engine, WatCompiler.ToBinary(generated.Text));
                foreach (var end in Run(pair, new Random(seed), Steps))
                {
                    returned += end.Trap is null ? 1 : 0;
                    trapped += end.Trap is null ? 0 : 1;
                }
            }
            catch (ReferenceExhausted)
            {
                exhausted++;
            }
            catch (Exception e)
            {
                Assert.Fail($"seed {seed}: {e.GetType().Name}: {e.Message}\n{e.StackTrace}\n{generated.Text}");
            }
        }

        output.WriteLine($"{returned} calls returned, {trapped} trapped, {exhausted} modules ran too long to be compared to the end");
        Assert.True(returned > trapped && trapped > 0, "the generator should make mostly working programs, and some that trap");
    }

    [Fact]
    public void Mutated_modules_are_refused_or_run_as_the_reference_runs_them()
    {
        var engine = new Engine(Limits);
        var (refused, ran, incomparable) = (0, 0, 0);
        foreach (var seed in Seeds(500))
        {
            var binary = Mutated(WatCompiler.ToBinary(new GeneratedModule(seed % 40).Text), new Random(seed));
            try
            {
                using var pair = new SideBySide(engine, binary);
                ran += Run(pair, new Random(seed), StepsOfMutants).Any() ? 1 : 0;
            }
            catch (Exception e) when (e is WasmDecodeException or WasmValidationException or LinkException)
            {
                refused++;
            }
            catch (Exception e) when (e is ReferenceUnsupported or ReferenceExhausted)
            {
                incomparable++;
            }
            catch (Exception e)
            {
                Assert.Fail($"seed {seed}: {e.GetType().Name}: {e.Message}\n{e.StackTrace}\n{Convert.ToHexString(binary)}");
            }
        }

        output.WriteLine($"{refused} mutants were refused, {ran} ran alike, {incomparable} could not be compared to the end");
        Assert.True(refused > 0 && ran > 0, $"{refused} mutants were refused and {ran} ran; both should happen");
    }

    [Fact]
    public void Random_bytes_are_refused_with_an_error_of_the_library()
    {
        var engine = new Engine(Limits);
        foreach (var seed in Seeds(3000))
        {
            var random = new Random(seed);
            var body = new byte[random.Next(0, 200)];
            random.NextBytes(body);
            byte[] binary = random.Next(4) == 0 ? body : [0, 0x61, 0x73, 0x6D, 1, 0, 0, 0, .. Sections(random, body)];
            try
            {
                Module.FromBytes(engine, "random", binary);
            }
            catch (WasmException)
            {
            }
            catch (Exception e)
            {
                Assert.Fail($"seed {seed}: {e.GetType().Name}: {e.Message}\n{e.StackTrace}\n{Convert.ToHexString(binary)}");
            }
        }
    }

    private static IEnumerable<RunEnd> Run(SideBySide pair, Random random, long steps)
    {
        if (pair.Instantiate(steps).Trap is not null)
        {
            yield break;
        }

        for (var round = 0; round < CallsOfEach; round++)
        {
            foreach (var (name, type) in pair.Functions)
            {
                if (pair.Functions.Any(f => f.Name == GeneratedModule.Refill && f.Type.Parameters.Length == 0))
                {
                    pair.Call(GeneratedModule.Refill, []);
                }

                yield return pair.Call(name, [.. type.Parameters.Select(kind => Argument(kind, random))]);
            }
        }
    }

    private static Cell Argument(ValueKind kind, Random random) => kind switch
    {
        ValueKind.FuncRef => Cell.Zero(kind),
        ValueKind.ExternRef => new Cell(kind, 0, random.Next(3) == 0 ? null : "host object"),
        _ => new Cell(kind, Constants.Bits(kind, random)),
    };

    private static byte[] Mutated(byte[] binary, Random random)
    {
        var bytes = binary.ToList();
        for (var change = random.Next(1, 4); change > 0; change--)
        {
            var at = random.Next(8, bytes.Count);
            switch (random.Next(5))
            {
                case 0:
                    bytes[at] = (byte)random.Next(256);
                    break;
                case 1:
                    bytes[at] ^= (byte)(1 << random.Next(8));
                    break;
                case 2:
                    bytes[at] = bytes[random.Next(8, bytes.Count)];
                    break;
                case 3:
                    bytes.RemoveAt(at);
                    break;
                default:
                    bytes.Insert(at, (byte)random.Next(256));
                    break;
            }
        }

        return [.. bytes];
    }

    // Sections with honest lengths, so that their contents are read and not only their headers.
    private static IEnumerable<byte> Sections(Random random, byte[] content)
    {
        for (var at = 0; at < content.Length;)
        {
            var length = Math.Min(random.Next(1, 40), content.Length - at);
            yield return (byte)random.Next(0, 14);
            yield return (byte)length;
            for (var i = 0; i < length; i++)
            {
                yield return random.Next(3) == 0 ? content[at + i] : (byte)(content[at + i] & 7);
            }

            at += length;
        }
    }

    private IEnumerable<int> Seeds(int runs)
    {
        var first = Setting("HIVE_FUZZ_SEED", 1);
        var count = Setting("HIVE_FUZZ_RUNS", runs);
        output.WriteLine($"seeds {first} to {first + count - 1}");
        return Enumerable.Range(first, count);
    }

    private static int Setting(string name, int otherwise) =>
        int.TryParse(Environment.GetEnvironmentVariable(name), NumberStyles.None, CultureInfo.InvariantCulture, out var value) ? value : otherwise;
}
