namespace Hive.Wasm.Text;

/// <summary>A text module, or a script of the official test suite, breaks a rule of the text format.</summary>
public sealed class WasmTextException : Exception
{
    internal WasmTextException(string source, int line, int column, string rule)
        : base($"{source}:{line}:{column}: {rule}")
    {
        SourceName = source;
        Line = line;
        Column = column;
        Rule = rule;
    }

    /// <summary>The name given to the text: a file name, or a word such as <c>module</c>.</summary>
    public string SourceName { get; }

    /// <summary>The line at which the rule is broken, counted from 1.</summary>
    public int Line { get; }

    /// <summary>The column at which the rule is broken, in characters, counted from 1.</summary>
    public int Column { get; }

    /// <summary>The rule that is broken, and how to mend it.</summary>
    public string Rule { get; }
}
