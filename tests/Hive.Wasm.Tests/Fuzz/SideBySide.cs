using System.Runtime.Intrinsics;
using Hive.Wasm.Tests.Fuzz.Reference;

namespace Hive.Wasm.Tests.Fuzz;

/// <summary>How a run ended, in either engine.</summary>
/// <param name="Values">What was returned, or what the exception carries; empty if it trapped.</param>
/// <param name="Trap">Why it trapped.</param>
/// <param name="Exception">The export of the tag of which an exception was thrown.</param>
internal sealed record RunEnd(Cell[] Values, TrapCode? Trap = null, string? Exception = null)
{
    public override string ToString() => Trap is { } trap ? $"trap {trap}" : $"{(Exception is null ? "" : $"exception {Exception} ")}[{string.Join(", ", Values)}]";
}

/// <summary>
/// One module in both engines: the compiled one and the reference. Every step is taken by both, and any difference in results, traps,
/// memory, tables or globals is an error that says what differs.
/// </summary>
internal sealed class SideBySide : IDisposable
{
    private const ulong Fuel = 50_000_000;

    private readonly Store _store;
    private readonly ReferenceModule _referenceModule;
    private readonly Module _module;
    private Instance? _compiled;
    private ReferenceInstance? _reference;

    /// <exception cref="WasmException">The library refuses the module.</exception>
    /// <exception cref="ReferenceUnsupported">The reference interpreter cannot run the module.</exception>
    public SideBySide(Engine engine, byte[] binary)
    {
        _module = Module.FromBytes(engine, "fuzz", binary);
        _referenceModule = ReferenceModule.Decode(binary);
        _store = new Store(engine) { Fuel = Fuel };
    }

    public bool HasInstance => _compiled is not null && _reference is not null;

    public IEnumerable<(string Name, ReferenceType Type)> Functions =>
        _referenceModule.Exports.Where(e => e.Sort == 0).Select(e => (e.Name, _referenceModule.Functions[e.Index]));

    public void Dispose() => _store.Dispose();

    /// <summary>Instantiates in both; both succeed or both trap alike.</summary>
    /// <exception cref="ReferenceExhausted">The start function runs too long to be compared.</exception>
    public RunEnd Instantiate(long steps)
    {
        var linker = new Linker(_store.Engine);
        foreach (var (import, type) in _referenceModule.Imports.Zip(_referenceModule.Functions))
        {
            linker.DefineFunction(import.Module, import.Name, FunctionType(type), (_, arguments) =>
                [.. Host(import, type, [.. arguments.Select(ToCell)]).Select(ToValue)]);
        }

        var expected = Reference(() =>
        {
            _reference = new ReferenceInstance(_referenceModule, import => arguments => Host(import, _referenceModule.Types[(int)import.Type], arguments), steps);
            return [];
        });
        var actual = Compiled(() =>
        {
            _compiled = linker.Instantiate(_store, _module);
            return [];
        });
        RequireSame("instantiation", expected, actual);
        return expected;
    }

    /// <summary>Calls an export in both and compares what they return and what they leave behind.</summary>
    /// <exception cref="ReferenceExhausted">The call runs too long to be compared.</exception>
    public RunEnd Call(string export, Cell[] arguments)
    {
        var index = _referenceModule.Exports.Single(e => e.Sort == 0 && e.Name == export).Index;
        var (fuel, burnt) = (_store.Fuel, _reference!.Interpreter.Fuel);
        var expected = Reference(() => _reference.Interpreter.Call(_reference.Functions[index], arguments));
        var actual = Compiled(() => _compiled!.GetFunction(export)!.Invoke([.. arguments.Select(ToValue)]));
        var what = $"{export}({string.Join(", ", arguments)})";
        RequireSame(what, expected, actual);
        RequireSameFuel(what, expected, _reference.Interpreter.Fuel - burnt, (long)(fuel - _store.Fuel));
        RequireSameState(what);
        return expected;
    }

    // What is paid for instructions after a trap is left open.
    private void RequireSameFuel(string what, RunEnd end, long expected, long actual) =>
        Require(end.Trap is not null || !_store.Engine.Config.ConsumeFuel || expected == actual, $"{what}: fuel", $"{expected}", $"{actual}");

    private void RequireSameState(string what)
    {
        foreach (var export in _referenceModule.Exports)
        {
            switch (export.Sort)
            {
                case 1:
                    var table = _compiled!.GetTable(export.Name)!;
                    var elements = _reference!.Tables[export.Index].Select(e => new Cell(_referenceModule.Tables[export.Index].Kind, 0, e)).ToArray();
                    RequireSame($"{what}: table {export.Name}", elements, [.. Enumerable.Range(0, table.Count).Select(i => table[i])]);
                    break;
                case 2:
                    RequireSameMemory($"{what}: memory {export.Name}", _reference!.Memory, _compiled!.GetMemory(export.Name)!);
                    break;
                case 3:
                    RequireSame($"{what}: global {export.Name}", [_reference!.Globals[export.Index]], [_compiled!.GetGlobal(export.Name)!.Value]);
                    break;
            }
        }
    }

    private static void RequireSameMemory(string what, byte[] expected, Memory actual)
    {
        Require(expected.Length == actual.ByteLength, what, $"{expected.Length} bytes", $"{actual.ByteLength} bytes");
        var span = actual.GetSpan(0, expected.Length);
        var same = span.CommonPrefixLength(expected);
        Require(same == expected.Length, what, $"0x{(same < expected.Length ? expected[same] : 0):x2} at {same}", $"0x{(same < expected.Length ? span[same] : 0):x2}");
    }

    private static void RequireSame(string what, RunEnd expected, (Value[] Values, TrapCode? Trap, string? Exception) actual)
    {
        var shown = actual.Trap is { } trap ? $"trap {trap}" : $"{actual.Exception} [{string.Join(", ", actual.Values)}]";
        Require(expected.Trap == actual.Trap && expected.Exception == actual.Exception, what, expected.ToString(), shown);
        RequireSame(what, expected.Values, actual.Values);
    }

    private static void RequireSame(string what, Cell[] expected, Value[] actual) =>
        Require(
            expected.Length == actual.Length && expected.Zip(actual, Same).All(s => s),
            what, $"[{string.Join(", ", expected)}]", $"[{string.Join(", ", actual)}]");

    private static void Require(bool holds, string what, string expected, string actual)
    {
        if (!holds)
        {
            throw new InvalidOperationException($"{what}: the reference gives {expected}, the compiled module {actual}");
        }
    }

    private static bool Same(Cell expected, Value actual) => expected.Kind == actual.Kind && (expected.Kind, expected.Reference) switch
    {
        (ValueKind.FuncRef, ReferenceFunction function) => actual.AsFuncRef() is { } found && (function.Host is not null || found.Index == function.Index),
        ( >= ValueKind.FuncRef, null) => actual.IsNull,
        (ValueKind.ExternRef, var reference) => ReferenceEquals(reference, actual.AsExternRef()),
        _ => ToCell(actual).Bits == expected.Bits,
    };

    private RunEnd Reference(Func<Cell[]> run)
    {
        try
        {
            return new RunEnd(run());
        }
        catch (ReferenceTrap trap)
        {
            return new RunEnd([], Trap: trap.Code);
        }
        catch (ReferenceThrown thrown)
        {
            return new RunEnd(thrown.Payload, Exception: _referenceModule.Exports.FirstOrDefault(e => e.Sort == 4 && e.Index == thrown.Tag)?.Name ?? "?");
        }
    }

    private (Value[] Values, TrapCode? Trap, string? Exception) Compiled(Func<Value[]> run)
    {
        try
        {
            return (run(), null, null);
        }
        catch (TrapException trap)
        {
            return ([], trap.Code, null);
        }
        catch (GuestException thrown)
        {
            var export = _module.Exports.FirstOrDefault(e => e.Type is TagType && ReferenceEquals(_compiled?.GetTag(e.Name), thrown.Tag));
            return ([.. thrown.Values], null, export?.Name ?? "?");
        }
    }

    private FunctionType FunctionType(ReferenceType type) =>
        _store.Engine.FunctionType(type.Parameters.Select(Type), type.Results.Select(Type));

    private static ValueType Type(ValueKind kind) => kind switch
    {
        ValueKind.I32 => ValueType.I32,
        ValueKind.I64 => ValueType.I64,
        ValueKind.F32 => ValueType.F32,
        ValueKind.F64 => ValueType.F64,
        ValueKind.V128 => ValueType.V128,
        ValueKind.FuncRef => ValueType.FuncRef,
        _ => ValueType.ExternRef,
    };

    // A host function whose results depend on all bits of its name and arguments.
    private static Cell[] Host(ReferenceImport import, ReferenceType type, Cell[] arguments)
    {
        var hash = (ulong)import.Name[^1];
        foreach (var argument in arguments)
        {
            hash = ((hash ^ argument.Word) * 0x9E37_79B9_7F4A_7C15) ^ (ulong)(argument.Bits >> 64);
        }

        return [.. type.Results.Select((kind, i) => kind < ValueKind.V128 ? Cell.Of(kind, hash + (ulong)i)
            : kind == ValueKind.V128 ? new Cell(kind, new UInt128(hash, ~hash))
            : Cell.Zero(kind))];
    }

    private static Value ToValue(Cell cell) => cell.Kind switch
    {
        ValueKind.I32 => Value.FromInt32((int)cell.Low),
        ValueKind.I64 => Value.FromInt64((long)cell.Word),
        ValueKind.F32 => Value.FromSingleBits(cell.Low),
        ValueKind.F64 => Value.FromDoubleBits(cell.Word),
        ValueKind.V128 => Value.FromV128(Vector128.Create(cell.Word, (ulong)(cell.Bits >> 64)).AsByte()),
        ValueKind.FuncRef => Value.FromFuncRef(null),
        _ => Value.FromExternRef(cell.Reference),
    };

    private static Cell ToCell(Value value)
    {
        var bits = value.Bits.AsUInt64();
        return new Cell(value.Kind, new UInt128(bits[1], bits[0]), value.Kind == ValueKind.ExternRef ? value.AsExternRef() : null);
    }
}
