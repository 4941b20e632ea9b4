using System.CommandLine;
using Hive.Evaluators.Builtin;

namespace Hive.Silo.Commands;

/// <summary><c>hive evaluator list</c>: what measures without a program of one's own.</summary>
internal static class EvaluatorCommand
{
    public static Command Create(CommandConsole console)
    {
        var list = new Command("list", "List the evaluators that come with Hive.");
        list.SetAction(_ =>
        {
            foreach (var (name, evaluator) in BuiltinCatalogue.All)
            {
                console.Output.WriteLine($"{name,-16} {evaluator.Description}  Space: {evaluator.Space}");
            }

            return ExitCode.Done;
        });
        return new Command("evaluator", "Look at the built-in evaluators; docs/evaluators.md shows how to write one's own.") { list };
    }
}
