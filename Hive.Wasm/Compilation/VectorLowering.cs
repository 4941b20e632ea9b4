using System.Reflection;
using System.Reflection.Emit;
using System.Runtime.Intrinsics;

namespace Hive.Wasm;

/// <summary>
/// IL for the vector instructions without immediates, by the opcode after the prefix 0xFD. Where <see cref="Vector128"/> has
/// the instruction it is called directly, because the JIT always expands it; the rest is in <see cref="VectorMath"/>.
/// </summary>
internal static class VectorLowering
{
    private const ValueKind V128 = ValueKind.V128;

    public static readonly MethodInfo CanonicalF32x4 = Helper(nameof(VectorMath.CanonicalF32x4));
    public static readonly MethodInfo CanonicalF64x2 = Helper(nameof(VectorMath.CanonicalF64x2));
    public static readonly MethodInfo Create = Helper(nameof(VectorMath.Create));
    public static readonly MethodInfo Shuffle = typeof(Vector128).GetMethod("Shuffle", [typeof(Vector128<byte>), typeof(Vector128<byte>)])!;

    public static readonly Lowering?[] Table = Build();

    private static Lowering?[] Build()
    {
        var table = new Lowering?[276];
        Basics(table);
        Comparisons(table);
        Bytes(table);
        Shorts(table);
        Ints(table);
        Longs(table);
        Floats(table);
        Conversions(table);
        Relaxed(table);
        return table;
    }

    /// <summary>A static method of <see cref="VectorMath"/>, for lanes of a type if it is generic.</summary>
    public static MethodInfo Helper(string name, Type? lane = null)
    {
        var method = typeof(VectorMath).GetMethod(name) ?? throw new MissingMethodException(nameof(VectorMath), name);
        return lane is null ? method : method.MakeGenericMethod(lane);
    }

    private static void Basics(Lowering?[] table)
    {
        table[14] = Call(nameof(VectorMath.Swizzle));
        table[15] = Call(nameof(VectorMath.Splat8));
        table[16] = Call(nameof(VectorMath.Splat16));
        table[17] = Call(nameof(VectorMath.Splat32));
        table[18] = Call(nameof(VectorMath.Splat64));
        table[19] = Call(nameof(VectorMath.SplatF32)).Inherit(NanState.F32, NanState.F32x4);
        table[20] = Call(nameof(VectorMath.SplatF64)).Inherit(NanState.F64, NanState.F64x2);
        table[77] = Direct("OnesComplement", typeof(byte));
        table[78] = Direct("BitwiseAnd", typeof(byte));
        table[79] = Direct("AndNot", typeof(byte));
        table[80] = Direct("BitwiseOr", typeof(byte));
        table[81] = Direct("Xor", typeof(byte));
        table[82] = Call(nameof(VectorMath.BitSelect));
        table[83] = Test(nameof(VectorMath.AnyTrue));
    }

    private static void Comparisons(Lowering?[] table)
    {
        Integer(35, typeof(sbyte), typeof(byte));
        Integer(45, typeof(short), typeof(ushort));
        Integer(55, typeof(int), typeof(uint));
        Float(65, typeof(float), NanState.F32x4);
        Float(71, typeof(double), NanState.F64x2);
        table[214] = Direct("Equals", typeof(long));
        table[215] = Call(nameof(VectorMath.NotEquals), typeof(long));
        table[216] = Direct("LessThan", typeof(long));
        table[217] = Direct("GreaterThan", typeof(long));
        table[218] = Direct("LessThanOrEqual", typeof(long));
        table[219] = Direct("GreaterThanOrEqual", typeof(long));

        void Integer(int at, Type signed, Type unsigned)
        {
            table[at++] = Direct("Equals", signed);
            table[at++] = Call(nameof(VectorMath.NotEquals), signed);
            foreach (var name in (string[])["LessThan", "GreaterThan", "LessThanOrEqual", "GreaterThanOrEqual"])
            {
                table[at++] = Direct(name, signed);
                table[at++] = Direct(name, unsigned);
            }
        }

        void Float(int at, Type lane, NanState nan)
        {
            table[at++] = Direct("Equals", lane).Insensitive(nan);
            table[at++] = Call(nameof(VectorMath.NotEquals), lane).Insensitive(nan);
            foreach (var name in (string[])["LessThan", "GreaterThan", "LessThanOrEqual", "GreaterThanOrEqual"])
                table[at++] = Direct(name, lane).Insensitive(nan);
        }
    }

    private static void Bytes(Lowering?[] table)
    {
        Unary(table, 96, typeof(sbyte));
        table[98] = Call(nameof(VectorMath.PopCount));
        Tests(table, 99, typeof(sbyte));
        table[101] = Call(nameof(VectorMath.NarrowI16Signed));
        table[102] = Call(nameof(VectorMath.NarrowI16Unsigned));
        Shifts(table, 107, typeof(sbyte), 7);
        Saturating(table, 110, typeof(sbyte), typeof(byte));
        MinMax(table, 118, typeof(sbyte), typeof(byte));
        table[123] = Call(nameof(VectorMath.Average8));
    }

    private static void Shorts(Lowering?[] table)
    {
        table[124] = Call(nameof(VectorMath.AddPairs8));
        table[125] = Call(nameof(VectorMath.AddPairs8Unsigned));
        Unary(table, 128, typeof(short));
        table[130] = Call(nameof(VectorMath.Q15MultiplySaturate));
        Tests(table, 131, typeof(short));
        table[133] = Call(nameof(VectorMath.NarrowI32Signed));
        table[134] = Call(nameof(VectorMath.NarrowI32Unsigned));
        Widening(table, 135, "Extend", 8);
        Shifts(table, 139, typeof(short), 15);
        Saturating(table, 142, typeof(short), typeof(ushort));
        table[149] = Direct("Multiply", typeof(short));
        MinMax(table, 150, typeof(short), typeof(ushort));
        table[155] = Call(nameof(VectorMath.Average16));
        Widening(table, 156, "Multiply", 8);
    }

    private static void Ints(Lowering?[] table)
    {
        table[126] = Call(nameof(VectorMath.AddPairs16));
        table[127] = Call(nameof(VectorMath.AddPairs16Unsigned));
        Unary(table, 160, typeof(int));
        Tests(table, 163, typeof(int));
        Widening(table, 167, "Extend", 16);
        Shifts(table, 171, typeof(int), 31);
        table[174] = Direct("Add", typeof(int));
        table[177] = Direct("Subtract", typeof(int));
        table[181] = Direct("Multiply", typeof(int));
        MinMax(table, 182, typeof(int), typeof(uint));
        table[186] = Call(nameof(VectorMath.DotI16));
        Widening(table, 188, "Multiply", 16);
    }

    private static void Longs(Lowering?[] table)
    {
        Unary(table, 192, typeof(long));
        Tests(table, 195, typeof(long));
        Widening(table, 199, "Extend", 32);
        Shifts(table, 203, typeof(long), 63);
        table[206] = Direct("Add", typeof(long));
        table[209] = Direct("Subtract", typeof(long));
        table[213] = Direct("Multiply", typeof(long));
        Widening(table, 220, "Multiply", 32);
    }

    private static void Floats(Lowering?[] table)
    {
        int[] roundF32 = [103, 104, 105, 106];
        int[] roundF64 = [116, 117, 122, 148];
        string[] names = ["Ceiling", "Floor", "Truncate", "Round"];
        for (var i = 0; i < 4; i++)
        {
            table[roundF32[i]] = Rounding(names[i], typeof(float)).Arithmetic(NanState.F32x4, NanState.F32x4);
            table[roundF64[i]] = Rounding(names[i], typeof(double)).Arithmetic(NanState.F64x2, NanState.F64x2);
        }

        table[224] = Call(nameof(VectorMath.AbsF32)).Inherit(NanState.F32x4, NanState.F32x4);
        table[225] = Call(nameof(VectorMath.NegateF32));
        table[236] = Call(nameof(VectorMath.AbsF64)).Inherit(NanState.F64x2, NanState.F64x2);
        table[237] = Call(nameof(VectorMath.NegateF64));
        Arithmetic(227, typeof(float), NanState.F32x4);
        Arithmetic(239, typeof(double), NanState.F64x2);

        void Arithmetic(int at, Type lane, NanState nan)
        {
            foreach (var name in (string[])["Sqrt", "Add", "Subtract", "Multiply", "Divide"])
                table[at++] = Direct(name, lane).Arithmetic(nan, nan);
            foreach (var name in (string[])["Min", "Max"])
                table[at++] = Direct(name, lane).Arithmetic(nan, nan).Hazardous(JitHazard.ConstantOperand);
            table[at++] = Call(nameof(VectorMath.PseudoMin), lane);
            table[at] = Call(nameof(VectorMath.PseudoMax), lane);
        }
    }

    private static void Conversions(Lowering?[] table)
    {
        table[94] = Call(nameof(VectorMath.Demote)).Arithmetic(NanState.F64x2, NanState.F32x4);
        table[95] = Call(nameof(VectorMath.Promote)).Arithmetic(NanState.F32x4, NanState.F64x2);
        table[248] = Call(nameof(VectorMath.TruncateF32Signed)).Insensitive(NanState.F32x4);
        table[249] = Call(nameof(VectorMath.TruncateF32Unsigned)).Insensitive(NanState.F32x4);
        table[250] = Call(nameof(VectorMath.ConvertSignedF32));
        table[251] = Call(nameof(VectorMath.ConvertUnsignedF32));
        table[252] = Call(nameof(VectorMath.TruncateF64Signed)).Insensitive(NanState.F64x2);
        table[253] = Call(nameof(VectorMath.TruncateF64Unsigned)).Insensitive(NanState.F64x2);
        table[254] = Call(nameof(VectorMath.ConvertSignedF64));
        table[255] = Call(nameof(VectorMath.ConvertUnsignedF64));
    }

    /// <summary>Relaxed instructions have one of their allowed results, the same on every machine.</summary>
    private static void Relaxed(Lowering?[] table)
    {
        table[256] = table[14];
        table[257] = table[248];
        table[258] = table[249];
        table[259] = table[252];
        table[260] = table[253];
        table[261] = Call(nameof(VectorMath.MultiplyAddF32)).Arithmetic(NanState.F32x4, NanState.F32x4);
        table[262] = Call(nameof(VectorMath.NegatedMultiplyAddF32)).Arithmetic(NanState.F32x4, NanState.F32x4);
        table[263] = Call(nameof(VectorMath.MultiplyAddF64)).Arithmetic(NanState.F64x2, NanState.F64x2);
        table[264] = Call(nameof(VectorMath.NegatedMultiplyAddF64)).Arithmetic(NanState.F64x2, NanState.F64x2);
        for (var i = 265; i <= 268; i++) table[i] = table[82];
        table[269] = table[232];
        table[270] = table[233];
        table[271] = table[244];
        table[272] = table[245];
        table[273] = table[130];
        table[274] = Call(nameof(VectorMath.DotI8));
        table[275] = Call(nameof(VectorMath.DotAddI8));
    }

    private static void Unary(Lowering?[] table, int at, Type lane)
    {
        table[at] = Call(nameof(VectorMath.Abs), lane);
        table[at + 1] = Direct("Negate", lane);
    }

    private static void Tests(Lowering?[] table, int at, Type lane)
    {
        table[at] = Test(nameof(VectorMath.AllTrue), lane);
        table[at + 1] = Test(nameof(VectorMath.BitMask), lane);
    }

    private static void Saturating(Lowering?[] table, int at, Type signed, Type unsigned)
    {
        foreach (var name in (string[])["Add", "Subtract"])
        {
            table[at++] = Direct(name, signed);
            table[at++] = Direct(name + "Saturate", signed);
            table[at++] = Direct(name + "Saturate", unsigned);
        }
    }

    private static void MinMax(Lowering?[] table, int at, Type signed, Type unsigned)
    {
        table[at] = Direct("Min", signed);
        table[at + 1] = Direct("Min", unsigned);
        table[at + 2] = Direct("Max", signed);
        table[at + 3] = Direct("Max", unsigned);
    }

    private static void Widening(Lowering?[] table, int at, string name, int width)
    {
        foreach (var half in (string[])["LS", "HS", "LU", "HU"]) table[at++] = Call($"{name}{half}{width}");
    }

    private static void Shifts(Lowering?[] table, int at, Type lane, int mask)
    {
        foreach (var name in (string[])["ShiftLeft", "ShiftRightArithmetic", "ShiftRightLogical"])
        {
            var method = typeof(Vector128).GetMethod(name, [typeof(Vector128<>).MakeGenericType(lane), typeof(int)])!;
            table[at++] = Lowering.Custom(V128, il =>
            {
                il.Emit(OpCodes.Ldc_I4, mask);
                il.Emit(OpCodes.And);
                il.Emit(OpCodes.Call, method);
                il.Emit(OpCodes.Call, As(lane, typeof(byte)));
            }).Converting(As(typeof(byte), lane));
        }
    }

    private static Lowering Rounding(string name, Type lane) =>
        Converted(typeof(Vector128).GetMethod(name, [typeof(Vector128<>).MakeGenericType(lane)])!, lane);

    /// <summary>A generic method of <see cref="Vector128"/> on lanes of a type.</summary>
    private static Lowering Direct(string name, Type lane)
    {
        var method = typeof(Vector128).GetMethods().Single(candidate =>
            candidate.Name == name && candidate.IsGenericMethod && candidate.GetParameters().All(parameter => IsVector(parameter.ParameterType))
            && IsVector(candidate.ReturnType));
        return Converted(method.MakeGenericMethod(lane), lane);
    }

    private static bool IsVector(Type type) => type.IsGenericType && type.GetGenericTypeDefinition() == typeof(Vector128<>);

    private static Lowering Converted(MethodInfo method, Type lane)
    {
        if (lane == typeof(byte)) return Lowering.Call(V128, method);
        var back = As(lane, typeof(byte));
        return Lowering.Custom(V128, il =>
        {
            il.Emit(OpCodes.Call, method);
            il.Emit(OpCodes.Call, back);
        }).Converting(As(typeof(byte), lane));
    }

    public static MethodInfo As(Type from, Type to) =>
        typeof(Vector128).GetMethods().Single(method => method.Name == "As" && method.GetGenericArguments().Length == 2).MakeGenericMethod(from, to);

    private static Lowering Call(string name, Type? lane = null) => Lowering.Call(V128, Helper(name, lane));

    private static Lowering Test(string name, Type? lane = null) => Lowering.Call(ValueKind.I32, Helper(name, lane));
}
