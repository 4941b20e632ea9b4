using System.Runtime.InteropServices;

namespace Hive.Wasm;

internal static unsafe partial class GuestRuntime
{
    private const int BytesPerUnit = 64;
    private const int ElementsPerUnit = 8;

    /// <summary>Bytes moved between two looks at whether the run was interrupted.</summary>
    private const ulong Slice = 1 << 20;

    public static void MemoryFill(InstanceContext context, int memory, ulong target, ulong value, ulong length, int function)
    {
        var span = Region(context, memory, target, length, function);
        for (ulong done = 0; done < length; done += Slice)
        {
            NativeMemory.Fill(span + done, (nuint)Math.Min(Slice, length - done), (byte)value);
            PollInterrupt(context, function);
        }
    }

    public static void MemoryCopy(InstanceContext context, int to, int from, ulong target, ulong source, ulong length, int function)
    {
        var destination = Region(context, to, target, length, function);
        var origin = Range(context.Memories[from].Length, source, length) ? context.Memories[from].Base + source : throw Trap(context, TrapCode.MemoryOutOfBounds, function);
        var isForward = destination <= origin;
        for (ulong done = 0; done < length; done += Slice)
        {
            var size = Math.Min(Slice, length - done);
            var at = isForward ? done : length - done - size;
            Buffer.MemoryCopy(origin + at, destination + at, size, size);
            PollInterrupt(context, function);
        }
    }

    public static void MemoryInit(InstanceContext context, int segment, int memory, ulong target, ulong source, ulong length, int function)
    {
        var data = context.Data(segment);
        if (!Range((ulong)data.Length, source, length)) throw Trap(context, TrapCode.MemoryOutOfBounds, function);
        var destination = Region(context, memory, target, length, function);
        data.Slice((int)source, (int)length).CopyTo(new Span<byte>(destination, (int)length));
    }

    public static void DataDrop(InstanceContext context, int segment, int function) => context.DropData(segment);

    public static void TableFill(InstanceContext context, int table, ulong target, object? value, ulong length, int function)
    {
        var elements = context.Tables[table];
        CheckElements((ulong)elements.Size, target, length, context, function);
        Charge(context, length / ElementsPerUnit, function);
        Array.Fill(elements.Elements, value, (int)target, (int)length);
    }

    public static void TableCopy(InstanceContext context, int to, int from, ulong target, ulong source, ulong length, int function)
    {
        var (destination, origin) = (context.Tables[to], context.Tables[from]);
        CheckElements((ulong)origin.Size, source, length, context, function);
        CheckElements((ulong)destination.Size, target, length, context, function);
        Charge(context, length / ElementsPerUnit, function);
        Array.Copy(origin.Elements, (int)source, destination.Elements, (int)target, (int)length);
    }

    public static void TableInit(InstanceContext context, int segment, int table, ulong target, ulong source, ulong length, int function)
    {
        var elements = context.Elements(segment);
        CheckElements((ulong)elements.Length, source, length, context, function);
        CheckElements((ulong)context.Tables[table].Size, target, length, context, function);
        Charge(context, length / ElementsPerUnit, function);
        elements.Slice((int)source, (int)length).CopyTo(context.Tables[table].Elements.AsSpan((int)target));
    }

    public static void ElementDrop(InstanceContext context, int segment, int function) => context.SetElements(segment, null);

    private static byte* Region(InstanceContext context, int memory, ulong address, ulong length, int function)
    {
        if (!Range(context.Memories[memory].Length, address, length)) throw Trap(context, TrapCode.MemoryOutOfBounds, function);
        Charge(context, length / BytesPerUnit, function);
        return context.Memories[memory].Base + address;
    }

    private static void CheckElements(ulong size, ulong start, ulong length, InstanceContext context, int function)
    {
        if (!Range(size, start, length)) throw Trap(context, TrapCode.TableOutOfBounds, function);
    }

    private static bool Range(ulong size, ulong start, ulong length) => start <= size && length <= size - start;

    private static void PollInterrupt(InstanceContext context, int function)
    {
        if (context.State.Interrupted != 0) throw Trap(context, TrapCode.Interrupted, function);
    }
}
