namespace Hive.Wasm;

/// <summary>Text that is not a WebAssembly module, or not a test script: where, and the rule it breaks.</summary>
public sealed class WasmTextException : WasmException
{
    internal WasmTextException(string name, int line, int column, string rule)
        : base($"Malformed text at {name}:{line}:{column}: {rule}.")
    {
        Name = name;
        Line = line;
        Column = column;
        Rule = rule;
    }

    /// <summary>What the text was called: a file name, for example.</summary>
    public string Name { get; }

    /// <summary>Line, from 1.</summary>
    public int Line { get; }

    /// <summary>Column in characters, from 1.</summary>
    public int Column { get; }

    /// <summary>The rule that is broken, and how to mend it.</summary>
    public string Rule { get; }
}
