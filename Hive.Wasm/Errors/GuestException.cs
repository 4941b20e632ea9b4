namespace Hive.Wasm;

/// <summary>An exception that guest code threw with <c>throw</c>. It reaches the host when no guest frame catches it.</summary>
public sealed class GuestException : WasmException
{
    /// <summary>Makes an exception that a host function may throw into guest code.</summary>
    /// <param name="tag">The tag that says what it carries.</param>
    /// <param name="values">One value for each parameter of the tag's type.</param>
    public GuestException(Tag tag, params Value[] values) : base("A guest exception was not caught.")
    {
        ArgumentNullException.ThrowIfNull(tag);
        ArgumentNullException.ThrowIfNull(values);
        if (values.Length != tag.Type.Parameters.Count)
            throw new ArgumentException($"The tag carries {tag.Type.Parameters.Count} values; {values.Length} were given.", nameof(values));
        for (var i = 0; i < values.Length; i++)
        {
            if (values[i].Kind != tag.Type.Parameters[i].Kind)
                throw new ArgumentException($"Value {i} is {values[i].Kind}; the tag carries {tag.Type.Parameters[i]}.", nameof(values));
        }

        Tag = tag;
        Payload = values;
    }

    /// <summary>The tag that says what the exception carries.</summary>
    public Tag Tag { get; }

    /// <summary>The values carried, one for each parameter of the tag's type.</summary>
    public IReadOnlyList<Value> Values => Payload;

    internal Value[] Payload { get; }
}
