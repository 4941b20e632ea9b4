namespace Hive.Wasm;

/// <summary>The type of what a module imports or exports.</summary>
public abstract record ExternalType
{
    private protected ExternalType() { }
}

/// <summary>An imported or exported function.</summary>
/// <param name="Type">What it takes and returns.</param>
public sealed record FunctionExternalType(FunctionType Type) : ExternalType
{
    /// <inheritdoc/>
    public override string ToString() => Type.ToString();
}

/// <summary>A linear memory's type.</summary>
/// <param name="Minimum">Pages of 64 KiB at the start.</param>
/// <param name="Maximum">The most pages, if limited.</param>
/// <param name="Is64">Whether addresses are 64-bit.</param>
public sealed record MemoryType(ulong Minimum, ulong? Maximum, bool Is64 = false) : ExternalType
{
    /// <inheritdoc/>
    public override string ToString() => $"(memory {(Is64 ? "i64 " : "")}{Minimum}{(Maximum is { } maximum ? $" {maximum}" : "")})";
}

/// <summary>A table's type.</summary>
/// <param name="Element">The type of its elements, a reference type.</param>
/// <param name="Minimum">Elements at the start.</param>
/// <param name="Maximum">The most elements, if limited.</param>
/// <param name="Is64">Whether indices are 64-bit.</param>
public sealed record TableType(ValueType Element, ulong Minimum, ulong? Maximum, bool Is64 = false) : ExternalType
{
    /// <inheritdoc/>
    public override string ToString() => $"(table {(Is64 ? "i64 " : "")}{Minimum}{(Maximum is { } maximum ? $" {maximum}" : "")} {Element})";
}

/// <summary>A global's type.</summary>
/// <param name="Content">The type of its value.</param>
/// <param name="IsMutable">Whether it may change.</param>
public sealed record GlobalType(ValueType Content, bool IsMutable) : ExternalType
{
    /// <inheritdoc/>
    public override string ToString() => IsMutable ? $"(global (mut {Content}))" : $"(global {Content})";
}

/// <summary>An exception tag's type.</summary>
/// <param name="Type">Its parameters are what the exception carries; it has no results.</param>
public sealed record TagType(FunctionType Type) : ExternalType
{
    /// <inheritdoc/>
    public override string ToString() => $"(tag {Type})";
}

/// <summary>What a module needs before it can be instantiated.</summary>
/// <param name="Module">The first name of the import.</param>
/// <param name="Name">The second name of the import.</param>
/// <param name="Type">What it must be.</param>
public sealed record Import(string Module, string Name, ExternalType Type);

/// <summary>What an instance of a module offers.</summary>
/// <param name="Name">Its name, unique in the module.</param>
/// <param name="Type">What it is.</param>
public sealed record Export(string Name, ExternalType Type);
