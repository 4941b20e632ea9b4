namespace Hive.Engine;

/// <summary>Writes and reads the values of one type.</summary>
public abstract class Codec
{
    private protected Codec()
    {
    }

    /// <summary>How the type's values lie in a message.</summary>
    public abstract WireKind Kind { get; }

    /// <summary>The type.</summary>
    internal abstract Type Type { get; }

    /// <summary>Writes a value of a type that only it itself knows, after its name; not null.</summary>
    internal abstract void WriteAny(ref WireWriter writer, object value);

    /// <summary>Reads what <see cref="WriteAny"/> wrote.</summary>
    internal abstract object ReadAny(ref WireReader reader);
}

/// <summary>Writes and reads values of type <typeparamref name="T"/>.</summary>
public abstract class Codec<T> : Codec
{
    internal sealed override Type Type => typeof(T);

    /// <summary>Writes a value.</summary>
    public abstract void Write(ref WireWriter writer, T value);

    /// <summary>Reads a value.</summary>
    /// <exception cref="WireFormatException">There is none.</exception>
    public abstract T Read(ref WireReader reader);

    internal override void WriteAny(ref WireWriter writer, object value)
    {
        writer.WriteByte((byte)Kind);
        Write(ref writer, (T)value);
    }

    internal override object ReadAny(ref WireReader reader)
    {
        var kind = reader.ReadKind();
        if (kind != Kind) throw reader.Wrong($"A {typeof(T)} is of kind {kind}; expected {Kind}");
        return Read(ref reader) ?? throw reader.Wrong($"A {typeof(T)} is null where a value is needed");
    }
}

/// <summary>Writes and reads objects by their members. The generator derives one a type.</summary>
public abstract class ObjectCodec<T> : Codec<T>
{
    /// <inheritdoc/>
    public sealed override WireKind Kind => WireKind.Object;

    /// <inheritdoc/>
    public sealed override void Write(ref WireWriter writer, T value)
    {
        if (value is null)
        {
            writer.WriteByte((byte)ObjectMark.Null);
        }
        else if (typeof(T).IsValueType || value.GetType() == typeof(T))
        {
            writer.WriteByte((byte)ObjectMark.Plain);
            WriteObject(ref writer, value);
        }
        else
        {
            writer.Serializer.WriteNamed(ref writer, value);
        }
    }

    /// <inheritdoc/>
    public sealed override T Read(ref WireReader reader)
    {
        var mark = reader.ReadMark();
        if (mark == ObjectMark.Plain) return ReadObject(ref reader);
        if (mark != ObjectMark.Null) return (T)reader.Serializer.ReadNamed(ref reader, mark, typeof(T));
        return default(T) is null ? default! : throw reader.Wrong($"A {typeof(T)} cannot be null");
    }

    /// <summary>Writes the members, the base class's first.</summary>
    protected abstract void WriteFields(ref WireWriter writer, T value);

    /// <summary>Reads members until there are no more, and makes the object.</summary>
    protected abstract T ReadFields(ref WireReader reader);

    internal sealed override void WriteAny(ref WireWriter writer, object value) => WriteObject(ref writer, (T)value);

    internal sealed override object ReadAny(ref WireReader reader) => ReadObject(ref reader)!;

    private void WriteObject(ref WireWriter writer, T value)
    {
        writer.Enter(typeof(T));
        WriteFields(ref writer, value);
        writer.WriteEnd();
        writer.Leave();
    }

    private T ReadObject(ref WireReader reader)
    {
        reader.Enter();
        var value = ReadFields(ref reader);
        reader.Leave();
        return value;
    }
}

/// <summary>Writes and reads values of a type that has no objects of its own: <see cref="object"/>, an interface or an abstract class.</summary>
internal sealed class AnyCodec<T> : Codec<T>
{
    public override WireKind Kind => WireKind.Object;

    public override void Write(ref WireWriter writer, T value)
    {
        if (value is null) writer.WriteByte((byte)ObjectMark.Null);
        else writer.Serializer.WriteNamed(ref writer, value);
    }

    public override T Read(ref WireReader reader) => reader.ReadMark() switch
    {
        ObjectMark.Null => default!,
        ObjectMark.Plain => throw reader.Wrong($"An object that is to be a {typeof(T)} does not say what it is"),
        var mark => (T)reader.Serializer.ReadNamed(ref reader, mark, typeof(T)),
    };
}
