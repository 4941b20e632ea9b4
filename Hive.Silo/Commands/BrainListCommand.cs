using System.CommandLine;
using Hive.Brains;
using Hive.Silo.Display;

namespace Hive.Silo.Commands;

/// <summary><c>hive brain list</c>: which brains there are, and which of them answer now.</summary>
internal static class BrainListCommand
{
    public static Command Create(CommandConsole console)
    {
        var (config, json) = (BrainArguments.Config(), CommonOptions.Json());
        var command = new Command("list", "List the brains there are: name, tier, model, where it was learnt of, endpoint, calls at once, context, price, and whether it answers now.") { config, json };
        command.SetAction(async (arguments, cancellation) =>
        {
            await using var pool = await BrainArguments.OpenAsync(arguments.GetValue(config), cancellation);
            var away = await Task.WhenAll(pool.All.Select(brain => pool.WhyAwayAsync(brain.Name, cancellation)));
            if (arguments.GetValue(json))
            {
                console.Output.WriteLine(BrainText.Json(pool.Entries, away));
            }
            else if (pool.Entries.IsEmpty)
            {
                console.Output.WriteLine(BrainAdvice.NoBrain);
            }
            else
            {
                BrainText.Write(console.Output, pool.Entries, away);
            }

            return ExitCode.Done;
        });
        return command;
    }
}
