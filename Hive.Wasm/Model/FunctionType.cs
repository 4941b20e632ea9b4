namespace Hive.Wasm;

/// <summary>
/// What a function takes and returns. Types are interned by their engine, so two functions have the same type exactly when
/// they refer to the same object.
/// </summary>
public sealed class FunctionType
{
    internal ValueType[] ParameterArray = [];
    internal ValueType[] ResultArray = [];

    internal FunctionType(long id) => Id = id;

    /// <summary>The types of the parameters, in order.</summary>
    public IReadOnlyList<ValueType> Parameters => ParameterArray;

    /// <summary>The types of the results, in order.</summary>
    public IReadOnlyList<ValueType> Results => ResultArray;

    /// <summary>Tells canonical types of one engine apart; never reused.</summary>
    internal long Id { get; }

    internal FunctionType? Supertype { get; set; }

    internal bool IsFinal { get; set; } = true;

    /// <summary>The recursion group this type was declared in; it keeps its members alive together.</summary>
    internal FunctionType[]? Group { get; set; }

    /// <summary>Calls functions of this type with boxed values, once that was needed.</summary>
    internal Invoker? Invoker { get; set; }

    internal bool IsSubtypeOf(FunctionType other)
    {
        for (var type = this; type is not null; type = type.Supertype)
        {
            if (ReferenceEquals(type, other)) return true;
        }

        return false;
    }

    /// <summary>The type in the text format's words.</summary>
    public override string ToString() => $"(func{List("param", ParameterArray)}{List("result", ResultArray)})";

    private static string List(string word, ValueType[] types) =>
        types.Length == 0 ? "" : $" ({word} {string.Join(' ', types.Select(type => type.Function is null ? type.ToString() : "(ref func)"))})";
}
