namespace Hive.Wasm;

/// <summary>An exception tag: exceptions are caught by the identity of their tag.</summary>
public sealed class Tag
{
    /// <summary>Makes a tag for guests to import.</summary>
    /// <param name="type">Its parameters are what exceptions of the tag carry; it has no results.</param>
    /// <exception cref="ArgumentException">The type has results.</exception>
    public Tag(FunctionType type)
    {
        ArgumentNullException.ThrowIfNull(type);
        Type = type;
    }

    /// <summary>Its parameters are what exceptions of the tag carry.</summary>
    public FunctionType Type { get; }
}
