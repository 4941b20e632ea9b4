using System.CommandLine;
using System.Diagnostics;
using Hive.Brains;
using Hive.Silo.Display;
using Microsoft.Extensions.AI;

namespace Hive.Silo.Commands;

/// <summary><c>hive brain test</c>: asks each brain a tiny question, and tells how it went.</summary>
internal static class BrainTestCommand
{
    private const string Question = "What is 17 + 25? Answer with the number alone.";

    // Room enough for a model that thinks before it answers, and a bound on what the question may cost.
    private const int MaxOutputTokens = 512;

    public static Command Create(CommandConsole console)
    {
        var name = new Argument<string?>("name") { Description = "The brain to ask; without it all are asked.", Arity = ArgumentArity.ZeroOrOne };
        var (config, json) = (BrainArguments.Config(), CommonOptions.Json());
        var command = new Command("test", "Ask brains a tiny question: how long it takes, how many tokens, and what is wrong. A brain that is paid for is paid for this.") { name, config, json };
        command.SetAction(async (arguments, cancellation) =>
        {
            await using var pool = await BrainArguments.OpenAsync(arguments.GetValue(config), cancellation);
            var asked = arguments.GetValue(name) is { } one ? [pool.Open(one)] : pool.All.Select(brain => pool.Open(brain.Name)).ToArray();
            if (asked.Length == 0)
            {
                return console.BadInput(BrainAdvice.NoBrain);
            }

            var tests = await Task.WhenAll(asked.Select(brain => AskAsync(brain, cancellation)));
            if (arguments.GetValue(json))
            {
                console.Output.WriteLine(BrainText.Json(tests));
            }
            else
            {
                BrainText.Write(console.Output, tests);
            }

            return Array.TrueForAll(tests, test => test.Error is null) ? ExitCode.Done : ExitCode.Failed;
        });
        return command;
    }

    private static async Task<BrainTest> AskAsync(IChatClient brain, CancellationToken cancellation)
    {
        var spec = brain.GetRequiredService<BrainSpec>();
        var begun = Stopwatch.GetTimestamp();
        try
        {
            var response = await brain.GetResponseAsync([new ChatMessage(ChatRole.User, Question)], new ChatOptions { Temperature = 0, MaxOutputTokens = MaxOutputTokens }, cancellation);
            return new BrainTest(spec, Stopwatch.GetElapsedTime(begun), response.Text, response.Usage?.InputTokenCount, response.Usage?.OutputTokenCount, null, null);
        }
        catch (BrainException e)
        {
            return new BrainTest(spec, Stopwatch.GetElapsedTime(begun), null, null, null, e.Fault, e.Message);
        }
    }
}
