using System.Reflection.Emit;
using System.Runtime.Intrinsics;

namespace Hive.Wasm;

/// <summary>
/// Loads and stores. An access at address a, of n bytes at offset o, is in bounds when a + o + n ≤ length. Memories never
/// shrink, so what the declared minimum covers, and what an earlier access of the same address covered, is not checked again.
/// </summary>
internal sealed partial class FunctionCompiler
{
    private CheckedAccesses _checked = new();
    private LocalBuilder? _memory;
    private LocalBuilder? _base;
    private LocalBuilder? _length;
    private LocalBuilder? _otherMemory;
    private bool _memoryIsStale;

    private readonly record struct MemoryArgument(int Memory, ulong Offset);

    /// <summary>Keeps the first memory's place in locals.</summary>
    private void DeclareMemory()
    {
        _memory = _il.DeclareLocal(typeof(Memory));
        _base = _il.DeclareLocal(typeof(byte*));
        _length = _il.DeclareLocal(typeof(long));
        _il.Emit(OpCodes.Ldarg_0);
        _il.Emit(OpCodes.Ldfld, Members.Memory0);
        _il.Emit(OpCodes.Stloc, _memory);
        _memoryIsStale = true;
        RefreshMemory();
    }

    /// <summary>Reads the first memory's place again if something may have moved it.</summary>
    private void RefreshMemory()
    {
        if (!_memoryIsStale || _memory is null) return;
        _il.Emit(OpCodes.Ldloc, _memory);
        _il.Emit(OpCodes.Ldfld, Members.MemoryBase);
        _il.Emit(OpCodes.Stloc, _base!);
        _il.Emit(OpCodes.Ldloc, _memory);
        _il.Emit(OpCodes.Ldfld, Members.MemoryLength);
        _il.Emit(OpCodes.Stloc, _length!);
        _memoryIsStale = false;
    }

    private MemoryArgument ReadMemoryArgument()
    {
        var flags = _reader.U32();
        var memory = (flags & 64) != 0 ? (int)_reader.U32() : 0;
        return new MemoryArgument(memory, _reader.U64());
    }

    private void Load(ValueKind kind, int size, OpCode[] codes)
    {
        var argument = ReadMemoryArgument();
        EmitAddress(Pop(), argument, size);
        foreach (var code in codes) _il.Emit(code);
        PushResult(kind);
    }

    private void Store(int size, OpCode code)
    {
        var argument = ReadMemoryArgument();
        var value = PopClean();
        EmitAddress(Pop(), argument, size);
        Emit(value);
        _il.Emit(code);
    }

    private void LoadVector()
    {
        var argument = ReadMemoryArgument();
        EmitAddress(Pop(), argument, 16);
        _il.Emit(OpCodes.Ldobj, typeof(Vector128<byte>));
        PushResult(ValueKind.V128);
    }

    private void StoreVector()
    {
        var argument = ReadMemoryArgument();
        var value = PopClean();
        EmitAddress(Pop(), argument, 16);
        Emit(value);
        _il.Emit(OpCodes.Stobj, typeof(Vector128<byte>));
    }

    /// <summary>Checks an access and puts its native address on the IL stack.</summary>
    private void EmitAddress(Node address, MemoryArgument argument, int size)
    {
        var memory = _module.Memories[argument.Memory];
        var end = argument.Offset + (ulong)size;
        if (end < argument.Offset || end > (1UL << 62))
        {
            // Beyond what any memory can have; what follows is never reached.
            _il.Emit(OpCodes.Br, Trap(TrapCode.MemoryOutOfBounds));
            end = 0;
        }

        if (argument.Memory == 0) RefreshMemory();
        else LoadOtherMemory(argument.Memory);
        var minimum = memory.Minimum * Memory.PageSize;
        if (address.IsConstant && end + address.Bits[0] >= end && end + address.Bits[0] <= minimum)
        {
            LoadBase(argument.Memory);
            AddOffset(argument.Offset + address.Bits[0]);
            return;
        }

        var known = address.Op == NodeOp.Local && argument.Memory == 0 ? address.Index : -1;
        Emit(address);
        if (!memory.Is64) _il.Emit(OpCodes.Conv_U8);
        var held = _temporaries.Take(ValueKind.I64);
        _il.Emit(OpCodes.Stloc, held.Local);
        if (known < 0 || !_checked.Covers(known, end))
        {
            CheckBounds(held, argument.Memory, end, minimum);
            if (known >= 0) _checked.Add(known, end);
        }

        PushBase(argument, held);
        _temporaries.Release(held);
    }

    private void CheckBounds(Temporary address, int memory, ulong end, ulong minimum)
    {
        var trap = Trap(TrapCode.MemoryOutOfBounds);
        if (end > minimum)
        {
            _il.Emit(OpCodes.Ldc_I8, (long)end);
            LoadLength(memory);
            _il.Emit(OpCodes.Bgt_Un, trap);
        }

        _il.Emit(OpCodes.Ldloc, address.Local);
        LoadLength(memory);
        _il.Emit(OpCodes.Ldc_I8, (long)end);
        _il.Emit(OpCodes.Sub);
        _il.Emit(OpCodes.Bgt_Un, trap);
    }

    private void LoadLength(int memory)
    {
        if (memory == 0)
        {
            _il.Emit(OpCodes.Ldloc, _length!);
            return;
        }

        _il.Emit(OpCodes.Ldloc, _otherMemory!);
        _il.Emit(OpCodes.Ldfld, Members.MemoryLength);
    }

    private void PushBase(MemoryArgument argument, Temporary address)
    {
        LoadBase(argument.Memory);
        _il.Emit(OpCodes.Ldloc, address.Local);
        _il.Emit(OpCodes.Conv_U);
        _il.Emit(OpCodes.Add);
        AddOffset(argument.Offset);
    }

    private void LoadBase(int memory)
    {
        if (memory == 0)
        {
            _il.Emit(OpCodes.Ldloc, _base!);
            return;
        }

        _il.Emit(OpCodes.Ldloc, _otherMemory!);
        _il.Emit(OpCodes.Ldfld, Members.MemoryBase);
    }

    private void AddOffset(ulong offset)
    {
        if (offset == 0) return;
        if (offset <= int.MaxValue) LoadInt32((int)offset);
        else _il.Emit(OpCodes.Ldc_I8, (long)offset);
        _il.Emit(OpCodes.Conv_U);
        _il.Emit(OpCodes.Add);
    }

    private void LoadOtherMemory(int memory)
    {
        _otherMemory ??= _il.DeclareLocal(typeof(Memory));
        _il.Emit(OpCodes.Ldarg_0);
        _il.Emit(OpCodes.Ldfld, Members.Memories);
        LoadInt32(memory);
        _il.Emit(OpCodes.Ldelem_Ref);
        _il.Emit(OpCodes.Stloc, _otherMemory);
    }

    private void MemorySize(int memory)
    {
        LoadOtherMemory(memory);
        _il.Emit(OpCodes.Ldloc, _otherMemory!);
        _il.Emit(OpCodes.Ldfld, Members.MemoryLength);
        LoadInt32(16);
        _il.Emit(OpCodes.Shr_Un);
        if (!_module.Memories[memory].Is64) _il.Emit(OpCodes.Conv_I4);
        PushResult(_module.Memories[memory].Is64 ? ValueKind.I64 : ValueKind.I32);
    }

    private void MemoryGrow(int memory)
    {
        var is64 = _module.Memories[memory].Is64;
        var pages = Pop();
        RuntimeCall(nameof(GuestRuntime.MemoryGrow), () =>
        {
            LoadInt32(memory);
            EmitWide(pages);
        });
        if (!is64) _il.Emit(OpCodes.Conv_I4);
        PushResult(is64 ? ValueKind.I64 : ValueKind.I32);
        _memoryIsStale = true;
    }

    private void EmitWide(Node node)
    {
        Emit(node);
        if (node.Kind == ValueKind.I32) _il.Emit(OpCodes.Conv_U8);
    }

    /// <summary>
    /// Calls a runtime method (context, arguments…, function), which may charge fuel or trap. Its result, if any, stays on
    /// the IL stack.
    /// </summary>
    private void RuntimeCall(string name, Action arguments)
    {
        Charge();
        StoreFuel();
        _il.Emit(OpCodes.Ldarg_0);
        arguments();
        LoadInt32(_function);
        _il.Emit(OpCodes.Call, Members.Runtime(name));
        LoadFuel();
    }

    /// <summary>Bulk instructions take three operands (target, source or value, length) after their static arguments.</summary>
    private void Bulk(string name, params int[] indices)
    {
        var length = Pop();
        var source = Pop();
        var target = Pop();
        RuntimeCall(name, () =>
        {
            foreach (var index in indices) LoadInt32(index);
            EmitWide(target);
            if (source.Kind is ValueKind.I32 or ValueKind.I64) EmitWide(source);
            else Emit(source);
            EmitWide(length);
        });
    }
}
