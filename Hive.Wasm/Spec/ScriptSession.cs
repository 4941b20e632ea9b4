using Hive.Wasm.Text;

namespace Hive.Wasm.Spec;

/// <summary>Carries out the commands of one script: keeps its modules, instances and registered names.</summary>
internal sealed class ScriptSession : IDisposable
{
    private readonly Engine _engine = new();
    private readonly Store _store;
    private readonly Linker _linker;
    private readonly string? _unsupportedFile;
    private readonly Dictionary<string, Slot<Module>> _definitions = new(StringComparer.Ordinal);
    private readonly Dictionary<string, Slot<Instance>> _instances = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> _skippedRegistrations = new(StringComparer.Ordinal);
    private Slot<Module> _latestDefinition = Slot<Module>.Empty;
    private Slot<Instance> _latestInstance = Slot<Instance>.Empty;

    /// <param name="unsupportedFile">Why the whole script is about something that is not supported, if it is.</param>
    /// <param name="cancellationToken">Stops guest code.</param>
    public ScriptSession(string? unsupportedFile, CancellationToken cancellationToken)
    {
        _unsupportedFile = unsupportedFile;
        _store = new Store(_engine) { CancellationToken = cancellationToken };
        _linker = new Linker(_engine);
        SpecTestModule.Define(_linker, _store);
    }

    /// <summary>A module or instance, or else why there is none.</summary>
    private readonly record struct Slot<T>(T? Item, Outcome Missing)
        where T : class
    {
        public static Slot<T> Empty => new(null, Outcome.Failed("there is no module before this command"));
    }

    public void Dispose() => _store.Dispose();

    public Outcome Execute(ScriptCommand command) => command switch
    {
        ModuleCommand module => Define(module),
        InstanceCommand instance => Instantiate(instance.Identifier, Find(_definitions, instance.Definition, _latestDefinition)),
        RegisterCommand register => Register(register),
        ActionCommand action => Perform(action.Action, out _, out _),
        AssertReturn assertion => Return(assertion),
        AssertActionFails assertion => ActionFails(assertion),
        AssertModuleFails assertion => ModuleFails(assertion),
        _ => throw new InvalidOperationException($"{command.GetType().Name} has no execution."),
    };

    private static Slot<T> Find<T>(Dictionary<string, Slot<T>> named, string? name, Slot<T> latest)
        where T : class => name is null ? latest
        : named.TryGetValue(name, out var slot) ? slot
        : new Slot<T>(null, Outcome.Failed($"there is no ${name} before this command"));

    private Outcome Define(ModuleCommand command)
    {
        var slot = Compile(command.Module, out _);
        _latestDefinition = slot;
        if (command.Identifier is { } name)
        {
            _definitions[name] = slot;
        }

        return !command.DefinitionOnly ? Instantiate(command.Identifier, slot)
            : slot.Item is null ? slot.Missing
            : Outcome.Passed;
    }

    private Slot<Module> Compile(ScriptModule module, out Exception? refusal)
    {
        var features = WasmFeatures.None;
        try
        {
            (var binary, features) = module.Translate();
            refusal = null;
            return new Slot<Module>(Module.FromBytes(_engine, "module", binary), Outcome.Passed);
        }
        catch (WasmException e)
        {
            refusal = e;
            var reason = e is WasmTextException ? null : UnsupportedFeatures.ReasonFor(features) ?? (module.IsBinary ? _unsupportedFile : null);
            return new Slot<Module>(null, reason is null ? Outcome.Failed($"the module is refused: {e.Message}") : Outcome.Skipped(reason));
        }
    }

    private Outcome Instantiate(string? name, Slot<Module> definition)
    {
        var slot = Instantiated(definition);
        _latestInstance = slot;
        if (name is not null)
        {
            _instances[name] = slot;
        }

        return slot.Item is null ? slot.Missing : Outcome.Passed;
    }

    private Slot<Instance> Instantiated(Slot<Module> definition)
    {
        if (definition.Item is not { } module)
        {
            return new Slot<Instance>(null, definition.Missing);
        }

        try
        {
            return new Slot<Instance>(_linker.Instantiate(_store, module), Outcome.Passed);
        }
        catch (LinkException) when (module.Imports.FirstOrDefault(i => _skippedRegistrations.ContainsKey(i.Module)) is { } import)
        {
            return new Slot<Instance>(null, Outcome.Skipped(_skippedRegistrations[import.Module]));
        }
        catch (WasmException e)
        {
            return new Slot<Instance>(null, Outcome.Failed($"the module cannot be instantiated: {e.Message}"));
        }
    }

    private Outcome Register(RegisterCommand command)
    {
        var slot = Find(_instances, command.Instance, _latestInstance);
        if (slot.Item is { } instance)
        {
            _linker.DefineInstance(command.Name, instance);
            return Outcome.Passed;
        }

        if (slot.Missing.Kind == OutcomeKind.Skipped)
        {
            _skippedRegistrations[command.Name] = slot.Missing.Reason;
        }

        return slot.Missing;
    }

    private Outcome Perform(ScriptAction action, out Value[] results, out WasmException? failure)
    {
        (results, failure) = ([], null);
        var slot = Find(_instances, action.Instance, _latestInstance);
        if (slot.Item is not { } instance)
        {
            return slot.Missing;
        }

        if (action.IsGet)
        {
            if (instance.GetGlobal(action.Export) is not { } global)
            {
                return Outcome.Failed($"no global \"{action.Export}\" is exported");
            }

            results = [global.Value];
            return Outcome.Passed;
        }

        if (instance.GetFunction(action.Export) is not { } function)
        {
            return Outcome.Failed($"no function \"{action.Export}\" is exported");
        }

        try
        {
            var parameters = function.Type.Parameters;
            results = function.Invoke([.. action.Arguments!.Select((a, i) => ScriptValues.ToEngine(a, i < parameters.Count ? parameters[i].Kind : default))]);
            return Outcome.Passed;
        }
        catch (WasmException e)
        {
            failure = e;
            return Outcome.Failed($"{e.GetType().Name}: {e.Message}");
        }
    }

    private Outcome Return(AssertReturn assertion)
    {
        var outcome = Perform(assertion.Action, out var results, out _);
        if (outcome.Kind != OutcomeKind.Passed)
        {
            return outcome;
        }

        var fits = results.Length == assertion.Expected.Count && assertion.Expected.Zip(results).All(p => ScriptValues.Fits(p.First, p.Second));
        return fits ? outcome : Outcome.Failed(
            $"\"{assertion.Action.Export}\" returned [{string.Join(", ", results)}], expected [{string.Join(", ", assertion.Expected.Select(ScriptValues.Show))}]");
    }

    private Outcome ActionFails(AssertActionFails assertion)
    {
        var outcome = Perform(assertion.Action, out var results, out var failure);
        if (outcome.Kind == OutcomeKind.Passed)
        {
            return Outcome.Failed($"\"{assertion.Action.Export}\" returned [{string.Join(", ", results)}], expected {assertion.Failure}: {assertion.Message}");
        }

        var asExpected = (assertion.Failure, failure) switch
        {
            (ActionFailure.Exception, GuestException) => true,
            (ActionFailure.Trap or ActionFailure.Exhaustion, TrapException trap) => IsPhrase(assertion.Message, TrapException.Phrase(trap.Code)),
            _ => false,
        };
        return asExpected ? Outcome.Passed
            : outcome.Kind == OutcomeKind.Skipped ? outcome
            : Outcome.Failed($"expected {assertion.Failure}: {assertion.Message}; came {outcome.Reason}");
    }

    private Outcome ModuleFails(AssertModuleFails assertion)
    {
        var definition = Compile(assertion.Module, out var refusal);
        if (assertion.Failure is ModuleFailure.Malformed or ModuleFailure.Invalid)
        {
            var refused = Refused(assertion, refusal);
            return definition.Missing.Kind == OutcomeKind.Skipped && !(assertion.Module.IsBinary && refused.Kind == OutcomeKind.Passed)
                ? definition.Missing
                : refused;
        }

        if (definition.Item is not { } module)
        {
            return definition.Missing;
        }

        try
        {
            _linker.Instantiate(_store, module);
            return Outcome.Failed($"the module was instantiated, expected {assertion.Failure}: {assertion.Message}");
        }
        catch (WasmException e)
        {
            var asExpected = assertion.Failure == ModuleFailure.Unlinkable
                ? e is LinkException
                : e is TrapException trap && IsPhrase(assertion.Message, TrapException.Phrase(trap.Code));
            return asExpected ? Outcome.Passed : Outcome.Failed($"expected {assertion.Failure}: {assertion.Message}; came {e.GetType().Name}: {e.Message}");
        }
    }

    private static Outcome Refused(AssertModuleFails assertion, Exception? refusal)
    {
        var asExpected = assertion.Failure == ModuleFailure.Malformed
            ? refusal is WasmTextException or WasmDecodeException
            : refusal is WasmValidationException;
        return asExpected ? Outcome.Passed : Outcome.Failed(
            $"expected {assertion.Failure}: {assertion.Message}; " + (refusal is null ? "the module is accepted" : $"came {refusal.GetType().Name}: {refusal.Message}"));
    }

    // Scripts add detail to the phrase, such as an index or the kind of a null reference, or leave the end of it out.
    private static bool IsPhrase(string expected, string actual) =>
        expected.StartsWith(actual, StringComparison.Ordinal)
        || (expected.Length > 0 && actual.StartsWith(expected, StringComparison.Ordinal))
        || (actual == "null reference" && expected is "null function reference" or "null exception reference");
}
