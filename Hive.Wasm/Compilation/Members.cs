using System.Reflection;

namespace Hive.Wasm;

/// <summary>Fields and methods that compiled code uses.</summary>
internal static class Members
{
    private const BindingFlags Instance = BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic;

    public static readonly FieldInfo State = Field(typeof(InstanceContext), nameof(InstanceContext.State));
    public static readonly FieldInfo Memory0 = Field(typeof(InstanceContext), nameof(InstanceContext.Memory0));
    public static readonly FieldInfo Memories = Field(typeof(InstanceContext), nameof(InstanceContext.Memories));
    public static readonly FieldInfo Codes = Field(typeof(InstanceContext), nameof(InstanceContext.Codes));
    public static readonly FieldInfo Functions = Field(typeof(InstanceContext), nameof(InstanceContext.Functions));
    public static readonly FieldInfo GlobalBlock = Field(typeof(InstanceContext), nameof(InstanceContext.GlobalBlock));
    public static readonly FieldInfo Globals = Field(typeof(InstanceContext), nameof(InstanceContext.Globals));
    public static readonly FieldInfo Tables = Field(typeof(InstanceContext), nameof(InstanceContext.Tables));
    public static readonly FieldInfo Types = Field(typeof(InstanceContext), nameof(InstanceContext.Types));
    public static readonly FieldInfo Tags = Field(typeof(InstanceContext), nameof(InstanceContext.Tags));

    public static readonly FieldInfo Fuel = Field(typeof(StoreState), nameof(StoreState.Fuel));
    public static readonly FieldInfo Interrupted = Field(typeof(StoreState), nameof(StoreState.Interrupted));
    public static readonly FieldInfo StackLimit = Field(typeof(StoreState), nameof(StoreState.StackLimit));
    public static readonly FieldInfo Results = Field(typeof(StoreState), nameof(StoreState.Results));
    public static readonly FieldInfo References = Field(typeof(StoreState), nameof(StoreState.References));
    public static readonly MethodInfo EnsureReferences = typeof(StoreState).GetMethod(nameof(StoreState.EnsureReferences), Instance)!;

    public static readonly FieldInfo MemoryBase = Field(typeof(Memory), nameof(Memory.Base));
    public static readonly FieldInfo MemoryLength = Field(typeof(Memory), nameof(Memory.Length));
    public static readonly FieldInfo TableElements = Field(typeof(Table), nameof(Table.Elements));
    public static readonly FieldInfo TableSize = Field(typeof(Table), nameof(Table.Size));
    public static readonly FieldInfo GlobalCell = Field(typeof(Global), nameof(Global.Cell));
    public static readonly FieldInfo GlobalReference = Field(typeof(Global), nameof(Global.Reference));
    public static readonly FieldInfo FunctionContext = Field(typeof(Function), nameof(Function.Context));
    public static readonly FieldInfo FunctionCode = Field(typeof(Function), nameof(Function.Code));
    public static readonly FieldInfo FunctionType = Field(typeof(Function), nameof(Function.FunctionType));
    public static readonly MethodInfo EnsureCompiled = typeof(Function).GetMethod(nameof(Function.EnsureCompiled), Instance)!;
    public static readonly MethodInfo Compile = typeof(InstanceContext).GetMethod(nameof(InstanceContext.Compile), Instance)!;

    /// <summary>A static method of <see cref="GuestRuntime"/>.</summary>
    public static MethodInfo Runtime(string name) =>
        typeof(GuestRuntime).GetMethod(name, BindingFlags.Static | BindingFlags.Public) ?? throw new MissingMethodException(nameof(GuestRuntime), name);

    private static FieldInfo Field(Type type, string name) => type.GetField(name, Instance) ?? throw new MissingFieldException(type.Name, name);
}
