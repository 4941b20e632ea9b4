using System.CommandLine;
using System.Globalization;
using Hive.Brains.Scripted;
using Hive.Silo.Bench;

namespace Hive.Silo.Commands;

/// <summary><c>hive bench NAME</c>: the built-in measurements. Each times the product's own path on this machine and prints JSON.</summary>
internal static class BenchCommand
{
    public static Command Create(CommandConsole console) => new("bench", "Measure this machine: each prints one JSON object.")
    {
        Calls(console),
        ForkJoin(console),
        Scheduler(console),
        Activations(console),
        Grid(console),
        Wasm(console),
        Leaderboard(console),
        Basins(console),
        Hanoi(console),
        Cognition(console),
    };

    private static Command Calls(CommandConsole console)
    {
        var seconds = new Option<double>("--seconds") { Description = "How long each of the runs lasts.", DefaultValueFactory = _ => 2, HelpName = "S" };
        var command = new Command("calls", "Grain calls a second: 64 callers on 64 grains, and one caller alone; the median of five runs.") { seconds, CommonOptions.Json() };
        command.SetAction(async (arguments, cancellation) =>
            Print(console, await CallBench.RunAsync(TimeSpan.FromSeconds(Positive(arguments.GetValue(seconds), "--seconds")), cancellation)));
        return command;
    }

    private static Command ForkJoin(CommandConsole console)
    {
        var tasks = new Option<int>("--tasks") { Description = "How many no-op tasks the goal has.", DefaultValueFactory = _ => 100_000, HelpName = "N" };
        var durable = new Option<bool>("--durable") { Description = "Keep the goal's log on disk (SQLite, flushed), as hive run does." };
        var command = new Command("forkjoin", "A goal of no-op tasks through the goal grain, fresh agents and the join.") { tasks, durable, CommonOptions.Json() };
        command.SetAction(async (arguments, cancellation) =>
            Print(console, await ForkJoinBench.RunAsync((int)Positive(arguments.GetValue(tasks), "--tasks"), arguments.GetValue(durable), cancellation)));
        return command;
    }

    private static Command Scheduler(CommandConsole console)
    {
        var silos = new Option<int>("--silos") { Description = "How many silos are simulated.", DefaultValueFactory = _ => 1_000, HelpName = "N" };
        var attempts = new Option<int>("--attempts") { Description = "How many no-op attempts a goal forks to them.", DefaultValueFactory = _ => 100_000, HelpName = "N" };
        var command = new Command("scheduler", "What many simulated silos cost a hub: their announcements, and a goal that forks to them.") { silos, attempts, CommonOptions.Json() };
        command.SetAction(async (arguments, cancellation) => Print(console, await SchedulerBench.RunAsync(
            (int)Positive(arguments.GetValue(silos), "--silos"), (int)Positive(arguments.GetValue(attempts), "--attempts"), cancellation)));
        return command;
    }

    private static Command Activations(CommandConsole console)
    {
        var grains = new Option<int>("--grains") { Description = "How many agents to activate.", DefaultValueFactory = _ => 100_000, HelpName = "N" };
        var command = new Command("activations", "What an idle agent costs in memory, and how fast agents come to life.") { grains, CommonOptions.Json() };
        command.SetAction(async (arguments, cancellation) =>
            Print(console, await ActivationBench.RunAsync((int)Positive(arguments.GetValue(grains), "--grains"), cancellation)));
        return command;
    }

    private static Command Grid(CommandConsole console)
    {
        var command = new Command("grid", "A grid on this machine (it needs nats-server): calls between processes, events, growth from one to four silos, a thousand simulated silos.") { CommonOptions.Json() };
        command.SetAction(async (_, cancellation) => Print(console, await GridBench.RunAsync(console.Error, cancellation)));
        return command;
    }

    private static Command Wasm(CommandConsole console)
    {
        var command = new Command("wasm", "The sandbox's speed, beside V8's where node is installed.") { CommonOptions.Json() };
        command.SetAction((_, cancellation) => Task.FromResult(Print(console, WasmBench.Run(console.Error, cancellation))));
        return command;
    }

    private static Command Leaderboard(CommandConsole console)
    {
        var command = new Command("leaderboard", "Leaderboard entries merged a second on one core, how soon a finding is heard, how soon replicas agree.") { CommonOptions.Json() };
        command.SetAction(async (_, cancellation) => Print(console, await LeaderboardBench.RunAsync(cancellation)));
        return command;
    }

    private static Command Basins(CommandConsole console)
    {
        var command = new Command("basins", "Merging what agents learnt: 1,000 deltas at once, deltas a second with and without signatures, and what hostile ones move.") { CommonOptions.Json() };
        command.SetAction((_, cancellation) => Task.FromResult(Print(console, BasinBench.Run(console.Error, cancellation))));
        return command;
    }

    private static Command Hanoi(CommandConsole console)
    {
        var disks = new Option<int>("--disks") { Description = "How many disks the tower has: N disks take 2^N − 1 steps.", DefaultValueFactory = _ => 20, HelpName = "N" };
        var accuracy = new Option<double>("--accuracy") { Description = "How many of a brain's readable answers are right.", DefaultValueFactory = _ => 0.99, HelpName = "P" };
        var malformed = new Option<double>("--malformed") { Description = "How many of a brain's answers cannot be read, on top of those that are wrong.", DefaultValueFactory = _ => 0.001, HelpName = "P" };
        var reliability = new Option<double>("--reliability") { Description = "The probability asked for that all steps are right.", DefaultValueFactory = _ => 0.999, HelpName = "P" };
        var seed = new Option<long>("--seed") { Description = "Where the brains' errors are drawn from.", DefaultValueFactory = _ => 1, HelpName = "N" };
        var data = new Option<string?>("--data") { Description = "The folder that keeps the goal; run again with the same one, it goes on. Without it, a folder that is deleted afterwards.", HelpName = "FOLDER" };
        var id = new Option<string>("--id") { Description = "The goal's id.", DefaultValueFactory = _ => "hanoi", HelpName = "ID" };
        var command = new Command("hanoi", "A labelled simulation: the Towers of Hanoi, one voted step after the other, with scripted brains that err.")
        {
            disks, accuracy, malformed, reliability, seed, data, id, CommonOptions.Json(),
        };
        command.SetAction(async (arguments, cancellation) =>
        {
            var settings = new HanoiSettings(
                arguments.GetValue(disks), arguments.GetValue(accuracy), arguments.GetValue(malformed), arguments.GetValue(reliability), arguments.GetValue(seed));
            if (settings.Mistake is { } mistake)
            {
                throw new BadInputException(mistake);
            }

            var result = await HanoiBench.RunAsync(settings, arguments.GetValue(data), arguments.GetValue(id)!, console.Error, cancellation);
            Print(console, result.ToJson());
            return result.IsFlawless ? ExitCode.Done : ExitCode.Failed;
        });
        return command;
    }

    private static Command Cognition(CommandConsole console)
    {
        var accuracies = new Option<string>("--accuracies") { Description = "How often the brains of edge, worker and core are right.", DefaultValueFactory = _ => "0.55,0.75,0.95", HelpName = "E,W,C" };
        var latencies = new Option<string>("--latencies") { Description = "How long they take, in milliseconds.", DefaultValueFactory = _ => "20,50,200", HelpName = "E,W,C" };
        var critics = new Option<string>("--critics") { Description = "How often a critic accepts what is right, and what is wrong.", DefaultValueFactory = _ => "0.8,0.2", HelpName = "TP,FP" };
        var tasks = new Option<int>("--tasks") { Description = "How many tasks there are, at most 1,000.", DefaultValueFactory = _ => 200, HelpName = "N" };
        var width = new Option<int>("--width") { Description = "How many attempts each gets at once.", DefaultValueFactory = _ => 3, HelpName = "N" };
        var seeds = new Option<int>("--seeds") { Description = "How many simulations are made, each with a seed of its own.", DefaultValueFactory = _ => 5, HelpName = "N" };
        var command = new Command("cognition", "A simulation: Hive, one big model alone, best of n and serial agents on the same tasks, with scripted brains; and what Hive itself costs a call.")
        {
            accuracies, latencies, critics, tasks, width, seeds, CommonOptions.Json(),
        };
        command.SetAction(async (arguments, cancellation) =>
        {
            var rates = Numbers(arguments.GetValue(critics)!, 2, "--critics", 1);
            var settings = new CognitionSettings(
                [.. Numbers(arguments.GetValue(accuracies)!, 3, "--accuracies", 1)],
                [.. Numbers(arguments.GetValue(latencies)!, 3, "--latencies", 600_000).Select(value => (int)value)],
                new CriticRates(rates[0], rates[1]),
                (int)Math.Min(1_000, Positive(arguments.GetValue(tasks), "--tasks")),
                (int)Math.Min(16, Positive(arguments.GetValue(width), "--width")),
                64,
                (int)Positive(arguments.GetValue(seeds), "--seeds"));
            return Print(console, await CognitionBench.RunAsync(settings, console.Error, cancellation));
        });
        return command;
    }

    private static double[] Numbers(string text, int count, string option, double most)
    {
        var numbers = text.Split(',').Select(part => double.TryParse(part, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) ? number : double.NaN).ToArray();
        return numbers.Length == count && numbers.All(number => number >= 0 && number <= most)
            ? numbers
            : throw new BadInputException($"{option} is '{text}'; write {count} numbers from 0 to {most}, with commas between them");
    }

    private static double Positive(double value, string option) => value > 0 ? value : throw new BadInputException($"{option} is {value}; it must be above 0");

    private static int Print(CommandConsole console, string json)
    {
        console.Output.WriteLine(json);
        return ExitCode.Done;
    }
}
