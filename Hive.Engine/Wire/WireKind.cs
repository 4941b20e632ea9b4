namespace Hive.Engine;

/// <summary>How a value lies in a message, so that a reader can step over one that it does not know.</summary>
public enum WireKind : byte
{
    /// <summary>No value: the end of an object, or of the members of one of its base classes.</summary>
    Mark,

    /// <summary>An unsigned integer, seven bits a byte, the lowest first.</summary>
    Varint,

    /// <summary>4 bytes.</summary>
    Fixed32,

    /// <summary>8 bytes.</summary>
    Fixed64,

    /// <summary>A varint, then one byte less than it says; 0 is null.</summary>
    Bytes,

    /// <summary>A mark (null, plain, named, wrapped), the name if it is named or wrapped, then tagged members up to a mark, or the wrapped value.</summary>
    Object,

    /// <summary>A varint, one more than the number of elements; 0 is null. Then, for any elements at all, their kind and the elements.</summary>
    List,

    /// <summary>16 bytes.</summary>
    Fixed128,
}

/// <summary>What the first byte of an object says.</summary>
internal enum ObjectMark : byte
{
    /// <summary>There is no object.</summary>
    Null,

    /// <summary>An object of the very type that the reader expects.</summary>
    Plain,

    /// <summary>The name of a type, then its members.</summary>
    Named,

    /// <summary>The name of a type that is no object, such as a number; then its kind and value.</summary>
    Wrapped,
}
