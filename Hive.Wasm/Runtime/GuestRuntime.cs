using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Hive.Wasm;

/// <summary>What compiled code calls. The last parameter of what may trap is the index of the calling function.</summary>
internal static unsafe partial class GuestRuntime
{
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static Exception Trap(InstanceContext context, TrapCode code, int function) =>
        new TrapException(code, function, context.Code.NameOf(function)) { Module = context.Code };

    /// <summary>Makes room on the stack for frames below an address, or traps.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static void ExtendStack(InstanceContext context, nint address, int function)
    {
        if (!context.State.TryExtendStack(address)) throw Trap(context, TrapCode.StackOverflow, function);
    }

    /// <summary>Calls a function whose frame may be too large for this thread's stack.</summary>
    public static Value[] CallOnLargeStack(InstanceContext context, int depth, int function, Value[] arguments)
    {
        var type = context.Module.Definition.Functions[function];
        var body = new Function(context.Store, type, context, context.Code.LargeCodeOf(function), function);
        var results = new Value[type.ResultArray.Length];
        var invoker = InvokerFactory.For(type);
        context.State.RunOnLargeStack(() => invoker(body, depth, arguments, results));
        return results;
    }

    public static Function FunctionReference(InstanceContext context, int function) => context.GetFunction(function);

    public static bool IsSubtype(FunctionType type, FunctionType expected) => type.IsSubtypeOf(expected);

    public static bool HasTag(InstanceContext context, int tag, GuestException exception) => ReferenceEquals(exception.Tag, context.Tags[tag]);

    public static Exception NewException(InstanceContext context, int tag, Value[] values) => new GuestException(context.Tags[tag], values);

    public static int PayloadInt32(GuestException exception, int index) => exception.Payload[index].AsInt32();

    public static long PayloadInt64(GuestException exception, int index) => exception.Payload[index].AsInt64();

    public static float PayloadSingle(GuestException exception, int index) => exception.Payload[index].AsSingle();

    public static double PayloadDouble(GuestException exception, int index) => exception.Payload[index].AsDouble();

    public static Vector128<byte> PayloadV128(GuestException exception, int index) => exception.Payload[index].AsV128();

    public static object? PayloadReference(GuestException exception, int index) => exception.Payload[index].Reference;

    public static Value BoxReference(object? reference, ValueKind kind) => Value.FromReference(kind, reference);

    public static object? UnboxReference(ref Value value) => value.Reference;

    public static long MemoryGrow(InstanceContext context, int memory, ulong pages, int function)
    {
        Charge(context, Math.Min(pages, 1UL << 20), function);
        return context.Memories[memory].TryGrow(pages);
    }

    public static long TableGrow(InstanceContext context, int table, object? value, ulong count, int function)
    {
        Charge(context, Math.Min(count, 1UL << 32) / ElementsPerUnit, function);
        return context.Tables[table].TryGrow(count, value);
    }

    /// <summary>Takes fuel for bytes that a host function moves.</summary>
    public static void ChargeBytes(InstanceContext context, long bytes) => Charge(context, (ulong)bytes / BytesPerUnit, -1);

    /// <summary>Takes fuel for work that is not in the instruction count.</summary>
    private static void Charge(InstanceContext context, ulong units, int function)
    {
        if (!context.Store.Engine.Config.ConsumeFuel) return;
        if ((context.State.Fuel -= (long)units) < 0) throw Trap(context, TrapCode.OutOfFuel, function);
    }
}
