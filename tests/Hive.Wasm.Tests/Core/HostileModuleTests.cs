namespace Hive.Wasm.Tests.Core;

/// <summary>Modules that ask for much with little are refused before the memory is spent.</summary>
public sealed class HostileModuleTests
{
    private static readonly byte[] Header = [0, (byte)'a', (byte)'s', (byte)'m', 1, 0, 0, 0];

    [Fact]
    public void Counts_beyond_the_bytes_that_are_left_are_malformed()
    {
        for (byte section = 1; section <= 11; section++)
        {
            if (section == 8) continue;
            Assert.Throws<WasmDecodeException>(() => Decode(Section(section, [0xff, 0xff, 0xff, 0xff, 0x0f])));
        }
    }

    [Fact]
    public void A_million_locals_are_refused()
    {
        byte[] body = [0x01, 0xc0, 0x84, 0x3d, 0x7f, 0x0b];
        Assert.Throws<WasmValidationException>(() => Decode([.. OneFunctionOfNothing(), .. Section(10, [1, (byte)body.Length, .. body])]));
    }

    [Fact]
    public void Deep_nesting_is_refused_without_recursion()
    {
        const int Depth = 80_000;
        var body = new List<byte> { 0 };
        for (var i = 0; i < Depth; i++) body.AddRange([0x02, 0x40]);
        for (var i = 0; i <= Depth; i++) body.Add(0x0b);
        var error = Assert.Throws<WasmValidationException>(() => Decode([.. OneFunctionOfNothing(), .. Code(body)]));
        Assert.Contains("nest deeper", error.Rule, StringComparison.Ordinal);
    }

    [Fact]
    public void Nesting_up_to_the_limit_compiles_and_runs()
    {
        const int Depth = 3_000;
        using var guest = Guest.Of(
            $"""(module (func (export "f") (result i32) {string.Concat(Enumerable.Repeat("(block ", Depth))} (br {Depth - 1}) {new string(')', Depth)} (i32.const 5)))""");
        Assert.Equal(5, guest.Call("f")[0].AsInt32());
    }

    [Fact]
    public void A_giant_branch_table_is_refused()
    {
        var body = new List<byte> { 0, 0x02, 0x40, 0x41, 0x00, 0x0e };
        body.AddRange([0xc0, 0x84, 0x04]);
        body.AddRange(new byte[66_112 + 1]);
        body.AddRange([0x0b, 0x0b]);
        Assert.Throws<WasmValidationException>(() => Decode([.. OneFunctionOfNothing(), .. Code(body)]));
    }

    [Fact]
    public void A_memory_of_4_GiB_is_refused_at_instantiation()
    {
        var engine = new Engine(new Config { MaxMemoryBytes = 64 << 20 });
        using var store = new Store(engine);
        Assert.Throws<LinkException>(() => new Linker(engine).Instantiate(store, Module.FromText(engine, "m", "(module (memory 65536))")));
        Assert.Equal(0, store.MemoryBytes);
    }

    [Fact]
    public void A_giant_table_is_refused_at_instantiation()
    {
        var engine = new Engine();
        using var store = new Store(engine);
        Assert.Throws<LinkException>(() => new Linker(engine).Instantiate(store, Module.FromText(engine, "m", "(module (table 4000000000 funcref))")));
    }

    [Fact]
    public void A_huge_function_is_refused()
    {
        var body = new List<byte> { 0 };
        body.AddRange(Enumerable.Repeat((byte)0x01, 600_000));
        body.Add(0x0b);
        Assert.Throws<WasmValidationException>(() => Decode([.. OneFunctionOfNothing(), .. Code(body)]));
    }

    [Fact]
    public void A_pile_of_operands_is_refused()
    {
        var body = new List<byte> { 0 };
        for (var i = 0; i < 50_000; i++) body.AddRange([0x41, 0x00]);
        body.AddRange([0x00, 0x0b]);
        Assert.Throws<WasmValidationException>(() => Decode([.. OneFunctionOfNothing(), .. Code(body)]));
    }

    [Fact]
    public void A_module_larger_than_the_limit_is_refused_unread() =>
        Assert.Throws<WasmValidationException>(() => Module.FromBytes(new Engine(new Config { MaxModuleBytes = 16 }), "m", new byte[17]));

    private static void Decode(byte[] sections) => Module.FromBytes(new Engine(), "hostile", [.. Header, .. sections]);

    private static byte[] OneFunctionOfNothing() => [.. Section(1, [1, 0x60, 0, 0]), .. Section(3, [1, 0])];

    private static byte[] Code(List<byte> body) => Section(10, [1, .. Leb((uint)body.Count), .. body]);

    private static byte[] Section(byte id, byte[] content) => [id, .. Leb((uint)content.Length), .. content];

    private static byte[] Leb(uint value)
    {
        var bytes = new List<byte>();
        for (; value >= 0x80; value >>= 7) bytes.Add((byte)(value | 0x80));
        bytes.Add((byte)value);
        return [.. bytes];
    }
}
