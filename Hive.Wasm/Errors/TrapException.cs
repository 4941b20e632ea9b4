namespace Hive.Wasm;

/// <summary>Why guest code stopped.</summary>
public enum TrapCode
{
    /// <summary>An <c>unreachable</c> instruction ran.</summary>
    Unreachable,
    /// <summary>A load, store or bulk operation left its memory or data segment.</summary>
    MemoryOutOfBounds,
    /// <summary>An access left its table or element segment.</summary>
    TableOutOfBounds,
    /// <summary>An indirect call's index lies outside its table.</summary>
    UndefinedElement,
    /// <summary>An indirect call met a null reference.</summary>
    UninitializedElement,
    /// <summary>An indirect call met a function of another type.</summary>
    IndirectCallTypeMismatch,
    /// <summary>An integer was divided by zero.</summary>
    IntegerDivideByZero,
    /// <summary>An integer result does not fit its type.</summary>
    IntegerOverflow,
    /// <summary>A NaN was converted to an integer.</summary>
    InvalidConversionToInteger,
    /// <summary>A null reference was used where a function or exception is needed.</summary>
    NullReference,
    /// <summary>Calls nested deeper than <see cref="Config.MaxStackDepth"/>, or than the thread's stack.</summary>
    StackOverflow,
    /// <summary>The store's fuel ran out.</summary>
    OutOfFuel,
    /// <summary>The run was cancelled.</summary>
    Interrupted,
}

/// <summary>Guest code trapped: what trapped and where.</summary>
public sealed class TrapException : WasmException
{
    /// <summary>Reports a trap.</summary>
    /// <param name="code">What trapped.</param>
    /// <param name="functionIndex">Index of the function in its module, or −1 when no guest function ran.</param>
    /// <param name="functionName">Its name from the name section or exports, if any.</param>
    public TrapException(TrapCode code, int functionIndex = -1, string? functionName = null)
        : base(Describe(code, functionIndex, functionName))
    {
        Code = code;
        FunctionIndex = functionIndex;
        FunctionName = functionName;
    }

    /// <summary>What trapped.</summary>
    public TrapCode Code { get; }

    /// <summary>Index of the function that trapped in its module, or −1 when no guest function ran.</summary>
    public int FunctionIndex { get; }

    /// <summary>The function's name from the name section or exports, if any.</summary>
    public string? FunctionName { get; }

    /// <summary>Names the functions of the module that trapped.</summary>
    internal ModuleCode? Module { get; init; }

    /// <summary>The guest functions on the stack, innermost first, as <c>module[index] name</c>; at most 64.</summary>
    public IReadOnlyList<string> Backtrace => GuestBacktrace.Of(this);

    /// <summary>The phrase that the specification's tests use for a trap.</summary>
    /// <param name="code">What trapped.</param>
    public static string Phrase(TrapCode code) => code switch
    {
        TrapCode.Unreachable => "unreachable",
        TrapCode.MemoryOutOfBounds => "out of bounds memory access",
        TrapCode.TableOutOfBounds => "out of bounds table access",
        TrapCode.UndefinedElement => "undefined element",
        TrapCode.UninitializedElement => "uninitialized element",
        TrapCode.IndirectCallTypeMismatch => "indirect call type mismatch",
        TrapCode.IntegerDivideByZero => "integer divide by zero",
        TrapCode.IntegerOverflow => "integer overflow",
        TrapCode.InvalidConversionToInteger => "invalid conversion to integer",
        TrapCode.NullReference => "null reference",
        TrapCode.StackOverflow => "call stack exhausted",
        TrapCode.OutOfFuel => "all fuel consumed",
        TrapCode.Interrupted => "interrupted",
        _ => throw new ArgumentOutOfRangeException(nameof(code)),
    };

    private static string Describe(TrapCode code, int index, string? name) =>
        index < 0 ? $"Trap: {Phrase(code)}." : name is null ? $"Trap: {Phrase(code)}, in function {index}." : $"Trap: {Phrase(code)}, in function {index} ({name}).";
}
