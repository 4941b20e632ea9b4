namespace Hive.Wasm.Spec;

/// <summary>One command of a test script, with the line it stands on.</summary>
internal abstract record ScriptCommand(int Line);

/// <summary>Defines a module and, unless <paramref name="DefinitionOnly"/>, instantiates it.</summary>
internal sealed record ModuleCommand(int Line, string? Identifier, ScriptModule Module, bool DefinitionOnly) : ScriptCommand(Line);

/// <summary>Instantiates a defined module once more.</summary>
internal sealed record InstanceCommand(int Line, string? Identifier, string? Definition) : ScriptCommand(Line);

/// <summary>Makes an instance's exports available for import under a module name.</summary>
internal sealed record RegisterCommand(int Line, string Name, string? Instance) : ScriptCommand(Line);

/// <summary>An action whose results do not matter.</summary>
internal sealed record ActionCommand(int Line, ScriptAction Action) : ScriptCommand(Line);

/// <summary>The action returns values that fit the patterns.</summary>
internal sealed record AssertReturn(int Line, ScriptAction Action, IReadOnlyList<ValuePattern> Expected) : ScriptCommand(Line);

/// <summary>The ways in which an action can be expected to fail.</summary>
internal enum ActionFailure
{
    Trap,
    Exhaustion,
    Exception,
}

/// <summary>The action fails in the given way.</summary>
internal sealed record AssertActionFails(int Line, ActionFailure Failure, ScriptAction Action, string Message) : ScriptCommand(Line);

/// <summary>The ways in which a module can be expected to be refused.</summary>
internal enum ModuleFailure
{
    Malformed,
    Invalid,
    Unlinkable,

    /// <summary>The start function or a segment traps.</summary>
    Uninstantiable,
}

/// <summary>The module is refused in the given way.</summary>
internal sealed record AssertModuleFails(int Line, ModuleFailure Failure, ScriptModule Module, string Message) : ScriptCommand(Line);

/// <summary>Calls an exported function or reads an exported global, of the latest instance if none is named.</summary>
internal sealed record ScriptAction(string? Instance, string Export, IReadOnlyList<ScriptValue>? Arguments)
{
    /// <summary>Whether the action reads a global instead of calling a function.</summary>
    public bool IsGet => Arguments is null;
}
