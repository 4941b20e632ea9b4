using Hive.Evaluators.Builtin;
using Hive.Evaluators.Commands;
using Hive.Evaluators.Modules;
using Hive.Goals;
using Hive.Processes;
using Hive.Spaces;

namespace Hive.Evaluators;

/// <summary>Makes the evaluator that a goal names, and finds out beforehand whether it can.</summary>
public static class EvaluatorFactory
{
    /// <summary>Finds out, without starting anything, whether an evaluator exists and fits a space.</summary>
    /// <param name="evaluator">What measures a candidate.</param>
    /// <param name="space">The goal's space.</param>
    /// <param name="directory">The folder that relative paths start from and that a command runs in; relative to the current one unless it is a full path.</param>
    /// <exception cref="EvaluatorException">It does not exist, may not be executed, or cannot measure points of this space; the message says how to mend it.</exception>
    public static void Check(EvaluatorSpec evaluator, SearchSpace space, string directory)
    {
        switch (evaluator)
        {
            case BuiltinEvaluatorSpec builtin:
                _ = Describe(builtin, space);
                break;
            case CommandEvaluatorSpec command:
                CheckCommand(command, Path.GetFullPath(directory));
                break;
            case WasmEvaluatorSpec wasm:
                WasmEvaluatorModule.Load(wasm.File, Path.GetFullPath(directory)).Dispose();
                break;
            default:
                throw Unsupported(evaluator);
        }
    }

    /// <summary>Makes an evaluator. A command is not started before the first measurement.</summary>
    /// <param name="evaluator">What measures a candidate.</param>
    /// <param name="metric">The check it serves; its name is what a command prints.</param>
    /// <param name="space">The goal's space.</param>
    /// <param name="directory">The folder that relative paths start from and that a command runs in; relative to the current one unless it is a full path.</param>
    /// <param name="clock">Measures time-outs.</param>
    /// <returns>The evaluator; the caller disposes of it.</returns>
    /// <exception cref="EvaluatorException">As for <see cref="Check"/>.</exception>
    public static IEvaluator Create(EvaluatorSpec evaluator, MetricCheck metric, SearchSpace space, string directory, TimeProvider clock)
    {
        if (evaluator is not WasmEvaluatorSpec)
        {
            Check(evaluator, space, directory);
        }

        return evaluator switch
        {
            BuiltinEvaluatorSpec builtin => CreateBuiltin(builtin, space, clock),
            CommandEvaluatorSpec command => CreateCommand(command, metric, space, Path.GetFullPath(directory), clock),
            WasmEvaluatorSpec wasm => new WasmEvaluator(wasm, metric.Name, space, Path.GetFullPath(directory)),
            _ => throw Unsupported(evaluator),
        };
    }

    private static BuiltinDescription Describe(BuiltinEvaluatorSpec builtin, SearchSpace space)
    {
        if (!BuiltinCatalogue.All.TryGetValue(builtin.Name, out var description))
        {
            throw new EvaluatorException($"there is no built-in evaluator '{builtin.Name}'; write one of {string.Join(", ", BuiltinCatalogue.All.Keys)}");
        }

        foreach (var (name, value) in builtin.Parameters)
        {
            if (!description.Settings.TryGetValue(name, out var setting))
            {
                var known = description.Settings.IsEmpty ? "takes no settings" : $"takes {string.Join(", ", description.Settings.Keys)} alone";
                throw new EvaluatorException($"the built-in evaluator '{builtin.Name}' {known}; remove \"{name}\"");
            }

            if (!setting.Accepts(value))
            {
                throw new EvaluatorException($"the built-in evaluator '{builtin.Name}': \"{name}\" is {value}; write {setting.Meaning}");
            }
        }

        return description.Accepts(space)
            ? description
            : throw new EvaluatorException($"the built-in evaluator '{builtin.Name}' cannot measure this space; it wants {description.Space}");
    }

    private static IEvaluator CreateBuiltin(BuiltinEvaluatorSpec builtin, SearchSpace space, TimeProvider clock)
    {
        var evaluator = new BuiltinEvaluator(Describe(builtin, space).Create(space));
        return builtin.Parameters.TryGetValue(LatencyEvaluator.Milliseconds, out var wait) ? new LatencyEvaluator(evaluator, LatencyEvaluator.Read(wait)!.Value, clock) : evaluator;
    }

    private static void CheckCommand(CommandEvaluatorSpec command, string directory)
    {
        if (!Directory.Exists(directory))
        {
            throw new EvaluatorException($"the folder '{directory}', in which the evaluator is to run, does not exist; create it, or correct \"directory\"");
        }

        _ = EvaluatorFile.Find(command.Command[0], directory);
        EvaluatorFile.RequireScript(command.Command.Skip(1), directory);
    }

    private static IEvaluator CreateCommand(CommandEvaluatorSpec command, MetricCheck metric, SearchSpace space, string directory, TimeProvider clock)
    {
        var program = new EvaluatorProgram(command.Command, directory, new Supervision(), clock);
        var timeout = TimeSpan.FromSeconds(command.TimeoutSeconds);
        return command.Protocol == EvaluatorProtocol.Once
            ? new OnceEvaluator(program, metric.Name, space, timeout, clock)
            : new LinesEvaluator(program, metric.Name, space, timeout, clock);
    }

    private static EvaluatorException Unsupported(EvaluatorSpec evaluator) => new($"{evaluator.GetType().Name} is no evaluator that Hive knows");
}
