using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace Hive.Engine;

/// <summary>What an attribute says of a grain method.</summary>
[Flags]
public enum GrainMethodOptions
{
    /// <summary>Nothing.</summary>
    None = 0,

    /// <summary>It does not change the grain.</summary>
    ReadOnly = 1,

    /// <summary>It may start while any other call waits.</summary>
    AlwaysInterleave = 2,

    /// <summary>Nobody waits for it.</summary>
    OneWay = 4,
}

/// <summary>A method of a grain interface, as calls name it between processes.</summary>
public sealed class GrainMethod
{
    /// <summary>Describes a method. Called by generated code.</summary>
    /// <param name="interfaceName">The interface's alias or full name.</param>
    /// <param name="methodName">The method's alias or name.</param>
    /// <param name="parameterTypes">The parameters' types, in order; the arguments of a call have the same indices.</param>
    /// <param name="resultType">What the task carries; null where it carries nothing.</param>
    /// <param name="options">What attributes say.</param>
    /// <param name="responseTimeoutTicks">How long callers wait, in ticks of 100 ns; 0: as long as their host says.</param>
    /// <param name="createCall">Makes a call of this method with no arguments set.</param>
    public GrainMethod(
        string interfaceName,
        string methodName,
        Type[] parameterTypes,
        Type? resultType,
        GrainMethodOptions options,
        long responseTimeoutTicks,
        Func<GrainCall> createCall)
    {
        ArgumentNullException.ThrowIfNull(parameterTypes);
        InterfaceName = interfaceName;
        MethodName = methodName;
        ParameterTypes = parameterTypes;
        ResultType = resultType;
        Options = options;
        ResponseTimeout = responseTimeoutTicks == 0 ? null : TimeSpan.FromTicks(responseTimeoutTicks);
        CreateCall = createCall;
        Id = $"{interfaceName}.{methodName}({string.Join(',', parameterTypes.Select(type => type.ToString()))})";
        WireId = BinaryPrimitives.ReadUInt64LittleEndian(SHA256.HashData(Encoding.UTF8.GetBytes(Id)));
    }

    /// <summary>A step of the engine that is treated like a call; it stays in its process.</summary>
    internal static GrainMethod Internal(string interfaceName, string name, GrainMethodOptions options = GrainMethodOptions.None) =>
        new(interfaceName, name, [], null, options, 0, static () => throw new NotSupportedException("Only the engine makes this call.")) { IsInternal = true };

    /// <summary>The name that is the same in every process: <c>interface.method(parameter types)</c>.</summary>
    public string Id { get; }

    /// <summary>The first 8 bytes of the SHA-256 of <see cref="Id"/>, the lowest first: what names the method in a message.</summary>
    public ulong WireId { get; }

    /// <summary>The interface's alias or full name.</summary>
    public string InterfaceName { get; }

    /// <summary>The method's alias or name.</summary>
    public string MethodName { get; }

    /// <summary>The parameters' types, in order.</summary>
    public IReadOnlyList<Type> ParameterTypes { get; }

    /// <summary>What the task carries; null where it carries nothing.</summary>
    public Type? ResultType { get; }

    /// <summary>What attributes say.</summary>
    public GrainMethodOptions Options { get; }

    /// <summary>How long callers wait; null: as long as their host says.</summary>
    public TimeSpan? ResponseTimeout { get; }

    internal bool IsInternal { get; private init; }

    /// <summary>Makes a call of this method with no arguments set, for a receiver to fill in.</summary>
    public Func<GrainCall> CreateCall { get; }
}
