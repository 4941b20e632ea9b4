using System.Runtime.Intrinsics;

namespace Hive.Wasm;

/// <summary>
/// Typed calls into the guest. A compiled function takes its context, the depth left, and its arguments, so a C# function
/// pointer of the same shape calls it directly; the type is checked once, when the delegate is made.
/// </summary>
public sealed unsafe partial class Function
{
    /// <summary>This function as a delegate.</summary>
    /// <exception cref="ArgumentException">The function has another type.</exception>
    public Action WrapAction()
    {
        CheckSignature(null);
        return () =>
        {
            var state = Store.State;
            var entry = state.Enter();
            try { ((delegate*<object, int, void>)EnsureCompiled())(Context, state.Depth); }
            finally { state.Exit(entry); }
        };
    }

    /// <inheritdoc cref="WrapAction()"/>
    public Action<T1> WrapAction<T1>()
    {
        CheckSignature(null, typeof(T1));
        return a =>
        {
            var state = Store.State;
            var entry = state.Enter();
            try { ((delegate*<object, int, T1, void>)EnsureCompiled())(Context, state.Depth, a); }
            finally { state.Exit(entry); }
        };
    }

    /// <inheritdoc cref="WrapAction()"/>
    public Action<T1, T2> WrapAction<T1, T2>()
    {
        CheckSignature(null, typeof(T1), typeof(T2));
        return (a, b) =>
        {
            var state = Store.State;
            var entry = state.Enter();
            try { ((delegate*<object, int, T1, T2, void>)EnsureCompiled())(Context, state.Depth, a, b); }
            finally { state.Exit(entry); }
        };
    }

    /// <inheritdoc cref="WrapAction()"/>
    public Action<T1, T2, T3> WrapAction<T1, T2, T3>()
    {
        CheckSignature(null, typeof(T1), typeof(T2), typeof(T3));
        return (a, b, c) =>
        {
            var state = Store.State;
            var entry = state.Enter();
            try { ((delegate*<object, int, T1, T2, T3, void>)EnsureCompiled())(Context, state.Depth, a, b, c); }
            finally { state.Exit(entry); }
        };
    }

    /// <inheritdoc cref="WrapAction()"/>
    public Func<TResult> WrapFunc<TResult>()
    {
        CheckSignature(typeof(TResult));
        return () =>
        {
            var state = Store.State;
            var entry = state.Enter();
            try { return ((delegate*<object, int, TResult>)EnsureCompiled())(Context, state.Depth); }
            finally { state.Exit(entry); }
        };
    }

    /// <inheritdoc cref="WrapAction()"/>
    public Func<T1, TResult> WrapFunc<T1, TResult>()
    {
        CheckSignature(typeof(TResult), typeof(T1));
        return a =>
        {
            var state = Store.State;
            var entry = state.Enter();
            try { return ((delegate*<object, int, T1, TResult>)EnsureCompiled())(Context, state.Depth, a); }
            finally { state.Exit(entry); }
        };
    }

    /// <inheritdoc cref="WrapAction()"/>
    public Func<T1, T2, TResult> WrapFunc<T1, T2, TResult>()
    {
        CheckSignature(typeof(TResult), typeof(T1), typeof(T2));
        return (a, b) =>
        {
            var state = Store.State;
            var entry = state.Enter();
            try { return ((delegate*<object, int, T1, T2, TResult>)EnsureCompiled())(Context, state.Depth, a, b); }
            finally { state.Exit(entry); }
        };
    }

    /// <inheritdoc cref="WrapAction()"/>
    public Func<T1, T2, T3, TResult> WrapFunc<T1, T2, T3, TResult>()
    {
        CheckSignature(typeof(TResult), typeof(T1), typeof(T2), typeof(T3));
        return (a, b, c) =>
        {
            var state = Store.State;
            var entry = state.Enter();
            try { return ((delegate*<object, int, T1, T2, T3, TResult>)EnsureCompiled())(Context, state.Depth, a, b, c); }
            finally { state.Exit(entry); }
        };
    }

    /// <summary>The kind that a C# type corresponds to exactly, so that no conversion is needed, or null.</summary>
    internal static ValueKind? KindOf(Type type) =>
        type == typeof(int) || type == typeof(uint) ? ValueKind.I32
        : type == typeof(long) || type == typeof(ulong) ? ValueKind.I64
        : type == typeof(float) ? ValueKind.F32
        : type == typeof(double) ? ValueKind.F64
        : type == typeof(Vector128<byte>) ? ValueKind.V128
        : type == typeof(Function) ? ValueKind.FuncRef
        : type == typeof(GuestException) ? ValueKind.ExnRef
        : type == typeof(object) ? ValueKind.ExternRef
        : null;

    private void CheckSignature(Type? result, params ReadOnlySpan<Type> parameters)
    {
        var fits = FunctionType.ParameterArray.Length == parameters.Length && FunctionType.ResultArray.Length == (result is null ? 0 : 1)
            && (result is null || KindOf(result) == FunctionType.ResultArray[0].Kind);
        for (var i = 0; fits && i < parameters.Length; i++)
        {
            var expected = FunctionType.ParameterArray[i];
            fits = KindOf(parameters[i]) == expected.Kind && (!expected.IsReference || expected.IsNullable);
        }

        if (!fits) throw new ArgumentException($"The function's type is {FunctionType}; the delegate's is another.");
    }
}
