namespace Hive.Wasm.Tests.Fuzz.Reference;

internal sealed partial class ReferenceInterpreter
{
    // What one unit of fuel moves in a bulk operation, beyond the one for the instruction.
    private const uint BytesPerUnit = 64, ElementsPerUnit = 8;

    private void LoadOrStore(Frame frame, ReferenceInstruction instruction, MemoryAccess access)
    {
        var value = access.IsStore || access.Form == "lane" ? frame.Pop(access.Kind) : default;
        var address = frame.PopI32() + instruction.A;
        if (address + (ulong)access.Bytes > (ulong)instance.Memory.Length)
        {
            throw new ReferenceTrap(TrapCode.MemoryOutOfBounds);
        }

        var place = instance.Memory.AsSpan((int)address, access.Bytes);
        if (access.IsStore)
        {
            var bits = value.Bits >> (access.Form == "lane" ? instruction.Lane * access.Bits : 0);
            for (var i = 0; i < place.Length; i++)
            {
                place[i] = (byte)(bits >> (8 * i));
            }

            return;
        }

        UInt128 read = 0;
        for (var i = place.Length - 1; i >= 0; i--)
        {
            read = (read << 8) | place[i];
        }

        frame.Push(new Cell(access.Kind, Loaded(read, value, instruction.Lane, access)));
    }

    private static UInt128 Loaded(UInt128 read, Cell old, int lane, MemoryAccess access)
    {
        ulong Widen(ulong element, int width) =>
            access.Signed ? IntegerArithmetic.Wrap(width, IntegerArithmetic.Signed(access.Bits, element)) : element;
        switch (access.Form)
        {
            case "splat":
                return VectorOperations.Join(Enumerable.Repeat((ulong)read, 128 / access.Bits), access.Bits);
            case "lane":
                var lanes = VectorOperations.Lanes(old.Bits, access.Bits);
                lanes[lane] = (ulong)read;
                return VectorOperations.Join(lanes, access.Bits);
            case "zero":
                return read;
        }

        if (access.Kind == ValueKind.V128)
        {
            return access.Count == 1
                ? read
                : VectorOperations.Join(VectorOperations.Lanes(read, access.Bits)[..access.Count].Select(e => Widen(e, access.Bits * 2)), access.Bits * 2);
        }

        return Widen((ulong)read, access.Kind is ValueKind.I32 or ValueKind.F32 ? 32 : 64);
    }

    private bool Bulk(Frame frame, ReferenceInstruction instruction)
    {
        var (a, b) = ((int)instruction.A, (int)instruction.B);
        switch (instruction.Name)
        {
            case "memory.size":
                frame.Push((uint)(instance.Memory.Length / ReferenceInstance.PageSize));
                return true;
            case "memory.grow":
                {
                    var pages = frame.PopI32();
                    Fuel += pages;
                    frame.Push(instance.GrowMemory(pages));
                    return true;
                }

            case "memory.fill":
                {
                    var (count, value, target) = (frame.PopI32(), frame.PopI32(), frame.PopI32());
                    ReferenceInstance.RequireRange(instance.Memory.Length, target, count, TrapCode.MemoryOutOfBounds);
                    instance.Memory.AsSpan((int)target, (int)count).Fill((byte)value);
                    Fuel += count / BytesPerUnit;
                    return true;
                }

            case "memory.copy":
                {
                    var (count, source, target) = (frame.PopI32(), frame.PopI32(), frame.PopI32());
                    ReferenceInstance.RequireRange(instance.Memory.Length, source, count, TrapCode.MemoryOutOfBounds);
                    ReferenceInstance.RequireRange(instance.Memory.Length, target, count, TrapCode.MemoryOutOfBounds);
                    instance.Memory.AsSpan((int)source, (int)count).CopyTo(instance.Memory.AsSpan((int)target));
                    Fuel += count / BytesPerUnit;
                    return true;
                }

            case "memory.init":
                {
                    var (count, source, target) = (frame.PopI32(), frame.PopI32(), frame.PopI32());
                    instance.InitialiseMemory(a, target, source, count);
                    Fuel += count / BytesPerUnit;
                    return true;
                }

            case "data.drop":
                instance.DropData(a);
                return true;
            case "elem.drop":
                instance.DropElements(a);
                return true;
            default:
                return TableAccess(frame, instruction.Name, a, b);
        }
    }

    private bool TableAccess(Frame frame, string name, int a, int b)
    {
        switch (name)
        {
            case "table.get":
                {
                    var index = frame.PopI32();
                    ReferenceInstance.RequireRange(instance.Tables[a].Length, index, 1, TrapCode.TableOutOfBounds);
                    frame.Push(new Cell(instance.Module.Tables[a].Kind, 0, instance.Tables[a][index]));
                    return true;
                }

            case "table.set":
                {
                    var (value, index) = (frame.Pop(instance.Module.Tables[a].Kind), frame.PopI32());
                    ReferenceInstance.RequireRange(instance.Tables[a].Length, index, 1, TrapCode.TableOutOfBounds);
                    instance.Tables[a][index] = value.Reference;
                    return true;
                }

            case "table.size":
                frame.Push((uint)instance.Tables[a].Length);
                return true;
            case "table.grow":
                {
                    var (count, value) = (frame.PopI32(), frame.Pop(instance.Module.Tables[a].Kind));
                    frame.Push(instance.GrowTable(a, count, value.Reference));
                    Fuel += count / ElementsPerUnit;
                    return true;
                }

            case "table.fill":
                {
                    var (count, value, target) = (frame.PopI32(), frame.Pop(instance.Module.Tables[a].Kind), frame.PopI32());
                    ReferenceInstance.RequireRange(instance.Tables[a].Length, target, count, TrapCode.TableOutOfBounds);
                    instance.Tables[a].AsSpan((int)target, (int)count).Fill(value.Reference);
                    Fuel += count / ElementsPerUnit;
                    return true;
                }

            case "table.copy":
                {
                    var (count, source, target) = (frame.PopI32(), frame.PopI32(), frame.PopI32());
                    ReferenceInstance.RequireRange(instance.Tables[b].Length, source, count, TrapCode.TableOutOfBounds);
                    ReferenceInstance.RequireRange(instance.Tables[a].Length, target, count, TrapCode.TableOutOfBounds);
                    instance.Tables[b].AsSpan((int)source, (int)count).ToArray().CopyTo(instance.Tables[a], target);
                    Fuel += count / ElementsPerUnit;
                    return true;
                }

            case "table.init":
                {
                    var (count, source, target) = (frame.PopI32(), frame.PopI32(), frame.PopI32());
                    instance.InitialiseTable(b, a, target, source, count);
                    Fuel += count / ElementsPerUnit;
                    return true;
                }

            default:
                return false;
        }
    }

    private static bool VectorImmediate(Frame frame, ReferenceInstruction instruction)
    {
        if (instruction.Name == "i8x16.shuffle")
        {
            var (second, first) = (frame.Pop(ValueKind.V128), frame.Pop(ValueKind.V128));
            byte[] both = [.. Bytes(first.Bits), .. Bytes(second.Bits)];
            frame.Push(new Cell(ValueKind.V128, VectorOperations.Join(Bytes(instruction.Vector).Select(i => (ulong)both[i]), 8)));
            return true;
        }

        var parts = instruction.Name.Split('.');
        if (parts is not [var shape, var name] || !name.Contains("_lane", StringComparison.Ordinal))
        {
            return false;
        }

        var (width, kind) = (VectorOperations.LaneWidth(shape), VectorOperations.LaneKind(shape));
        if (name == "replace_lane")
        {
            var value = frame.Pop(kind).Word & IntegerArithmetic.Mask(width);
            var lanes = VectorOperations.Lanes(frame.Pop(ValueKind.V128).Bits, width);
            lanes[instruction.Lane] = value;
            frame.Push(new Cell(ValueKind.V128, VectorOperations.Join(lanes, width)));
            return true;
        }

        var lane = VectorOperations.Lanes(frame.Pop(ValueKind.V128).Bits, width)[instruction.Lane];
        frame.Push(Cell.Of(kind, name.EndsWith("_s", StringComparison.Ordinal) ? IntegerArithmetic.Wrap(32, IntegerArithmetic.Signed(width, lane)) : lane));
        return true;
    }

    private static byte[] Bytes(UInt128 bits) => [.. VectorOperations.Lanes(bits, 8).Select(b => (byte)b)];
}
