using Orleans.Runtime;

namespace Hive.Engine;

/// <summary>Writes and reads references to grains and observers: the identity, and the interface's name. The reader makes a reference of its own host.</summary>
internal sealed class ReferenceCodec<T> : Codec<T?>
    where T : class, IAddressable
{
    private const uint FirstId = 0;
    private const uint SecondId = 1;

    public override WireKind Kind => WireKind.Object;

    public override void Write(ref WireWriter writer, T? value)
    {
        if (value is null)
        {
            writer.WriteByte((byte)ObjectMark.Null);
            return;
        }

        if (Reference(value) is not { } reference)
        {
            throw new CodecNotFoundException(
                $"A {value.GetType()} is to travel as a {typeof(T)}, but is no reference: give a grain's AsReference, or an observer that CreateObjectReference made.");
        }

        writer.WriteByte((byte)ObjectMark.Plain);
        writer.WriteField(FirstId, writer.Serializer.GetCodec<GrainId>(), reference.GrainId);
        writer.WriteField(SecondId, writer.Serializer.GetCodec<string>(), reference.InterfaceName);
        writer.WriteEnd();
    }

    public override T? Read(ref WireReader reader)
    {
        var mark = reader.ReadMark();
        if (mark == ObjectMark.Null) return null;
        if (mark != ObjectMark.Plain) throw reader.Wrong($"A reference is marked {mark}");
        var grainId = default(GrainId);
        string? name = null;
        var key = 0UL;
        while (reader.NextField(ref key, out var kind))
        {
            if (key == FirstId) grainId = reader.ReadField(reader.Serializer.GetCodec<GrainId>(), kind);
            else if (key == SecondId) name = reader.ReadField(reader.Serializer.GetCodec<string>(), kind);
            else reader.Skip(kind);
        }

        if (name is null || grainId.Type.IsDefault) throw reader.Wrong("A reference names no grain");
        var reference = reader.Serializer.Factory.CreateReference(grainId, name);
        return reference as T ?? reference.Cast<T>();
    }

    private static GrainReference? Reference(T value) => value switch
    {
        GrainReference reference => reference,
        Orleans.IGrainBase grain => grain.GrainContext.GrainReference,
        _ => null,
    };
}
