namespace Hive.Wasm;

/// <summary>What compiled code knows of its instance; it reads the fields by name.</summary>
internal sealed unsafe class InstanceContext
{
    public StoreState State;
    public Memory? Memory0;
    public Memory[] Memories;
    public Table[] Tables;
    public Global[] Globals;
    public Tag[] Tags;
    public FunctionType[] Types;

    /// <summary>Every function that has been asked for as an object; imported ones from the start.</summary>
    public Function?[] Functions;

    /// <summary>The module's entry points.</summary>
    public byte* Codes;

    /// <summary>The numbers in the globals that this instance defines, 16 bytes each.</summary>
    public byte* GlobalBlock;

    private readonly NativeBlock _globalBlock;
    private readonly bool[] _droppedData;
    private readonly object?[]?[] _elements;

    public InstanceContext(Store store, Module module)
    {
        Store = store;
        Module = module;
        Code = module.Code;
        State = store.State;
        var definition = module.Definition;
        Memories = new Memory[definition.Memories.Count];
        Tables = new Table[definition.Tables.Count];
        Globals = new Global[definition.Globals.Count];
        Tags = new Tag[definition.Tags.Count];
        Types = definition.Types;
        Functions = new Function?[definition.Functions.Count];
        Codes = Code.Codes;
        _globalBlock = new NativeBlock(16 * (definition.Globals.Count - definition.ImportedGlobals));
        GlobalBlock = _globalBlock.Address;
        _droppedData = new bool[definition.Data.Count];
        _elements = new object?[]?[definition.Elements.Count];
        Instance = new Instance(this);
    }

    public Module Module { get; }

    public Store Store { get; }

    public Instance Instance { get; }

    public ModuleCode Code { get; }

    public NativeBlock GlobalStorage => _globalBlock;

    public nint Compile(int function) => Code.Compile(function);

    public Function GetFunction(int index) =>
        Functions[index] ??= new Function(Store, Module.Definition.Functions[index], this, Code.CodeOf(index), index);

    public ReadOnlySpan<byte> Data(int segment)
    {
        if (_droppedData[segment]) return [];
        var data = Module.Definition.Data[segment];
        return Module.Definition.Bytes.AsSpan(data.Start, data.Length);
    }

    public void DropData(int segment) => _droppedData[segment] = true;

    public ReadOnlySpan<object?> Elements(int segment) => _elements[segment];

    public void SetElements(int segment, object?[]? elements) => _elements[segment] = elements;
}
