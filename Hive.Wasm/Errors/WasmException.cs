namespace Hive.Wasm;

/// <summary>The base of everything that this library throws about a module or its run.</summary>
public abstract class WasmException : Exception
{
    private protected WasmException(string message, Exception? inner = null) : base(message, inner) { }
}

/// <summary>A binary that is not a WebAssembly module: the byte where it stops being one and the rule it breaks.</summary>
public sealed class WasmDecodeException : WasmException
{
    /// <summary>Reports the rule that the byte at an offset breaks.</summary>
    /// <param name="offset">Byte offset from the start of the module.</param>
    /// <param name="rule">The rule, in the specification's words where it has some.</param>
    public WasmDecodeException(int offset, string rule) : base($"Malformed module at byte 0x{offset:x}: {rule}.")
    {
        Offset = offset;
        Rule = rule;
    }

    /// <summary>Byte offset from the start of the module.</summary>
    public int Offset { get; }

    /// <summary>The rule that is broken.</summary>
    public string Rule { get; }
}

/// <summary>A well-formed module that breaks a validation rule, or a limit of <see cref="Config"/>.</summary>
public sealed class WasmValidationException : WasmException
{
    /// <summary>Reports the rule that a module breaks.</summary>
    /// <param name="offset">Byte offset from the start of the module.</param>
    /// <param name="function">Index of the function, or −1 outside functions.</param>
    /// <param name="rule">The rule, in the specification's words where it has some.</param>
    public WasmValidationException(int offset, int function, string rule)
        : base(function < 0 ? $"Invalid module at byte 0x{offset:x}: {rule}." : $"Invalid module at byte 0x{offset:x}, function {function}: {rule}.")
    {
        Offset = offset;
        Function = function;
        Rule = rule;
    }

    /// <summary>Byte offset from the start of the module.</summary>
    public int Offset { get; }

    /// <summary>Index of the function, or −1 outside functions.</summary>
    public int Function { get; }

    /// <summary>The rule that is broken.</summary>
    public string Rule { get; }
}

/// <summary>A module that cannot be instantiated: an import is missing, has another type, or a limit is too small.</summary>
public sealed class LinkException : WasmException
{
    /// <summary>Reports why a module cannot be instantiated.</summary>
    /// <param name="message">What is missing or does not match, and how to mend it.</param>
    public LinkException(string message) : base(message) { }
}
