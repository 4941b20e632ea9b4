using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using System.Text.Json;
using Hive.Brains.Scripted;
using Hive.Silo.Display;
using Hive.Silos;

namespace Hive.Silo.Commands;

/// <summary><c>hive brain fake</c>: serves scripted brains, which are no models, until it is stopped.</summary>
internal static class BrainFakeCommand
{
    private const int DefaultPort = 8377;

    private const string Description = """
        Serve scripted brains over the OpenAI API, to try Hive without a model. They are NO models: they know arithmetic and simulated tasks, are right as often as you
        say, take as long as you say, and fail as often as you say. Stop it with Ctrl+C.

        Try it:             hive brain fake                                          (it prints what to put into hive.json)
        Brains that err:    hive brain fake --accuracy 0.7 --latency 50
        Three unlike ones:  hive brain fake --model small:edge:0.55 --model middle:worker:0.75 --model big:core:0.95
        Bad weather:        hive brain fake --faults 0.3                             (cut answers, 429, 500, silence, wrong usage, injections)
        Replies of yours:   hive brain fake --script script.json                     (docs/scripted-brains.md)
        What was billed:    curl http://127.0.0.1:8377/ledger
        """;

    public static Command Create(CommandConsole console)
    {
        var port = new Option<int>("--port") { Description = "The port on 127.0.0.1; 0 takes a free one.", DefaultValueFactory = _ => DefaultPort, HelpName = "N" };
        var accuracy = new Option<double>("--accuracy") { Description = "How often answers are right, 0 to 1.", DefaultValueFactory = _ => 0.9, HelpName = "P" };
        var latency = new Option<int>("--latency") { Description = "How long an answer takes, in milliseconds.", DefaultValueFactory = _ => 50, HelpName = "MS" };
        var model = new Option<string[]>("--model")
        {
            Description = "A model; may be given several times. Without it: fake-edge, fake-worker and fake-core.",
            HelpName = "NAME[:TIER[:ACCURACY]]",
        };
        var faults = new Option<double>("--faults") { Description = "How often a call goes wrong, 0 to 1, in eight ways equally often.", HelpName = "P" };
        var file = new Option<string>("--script") { Description = "A script that says all this and more (JSON; docs/scripted-brains.md).", HelpName = "FILE" };
        var seed = new Option<long>("--seed")
        {
            Description = "What choices are drawn from: the same seed and idempotency key give the same reply.",
            DefaultValueFactory = _ => 1,
            HelpName = "N",
        };
        var ledger = new Option<string>("--ledger") { Description = "Append every billed call to a file, a line of JSON each.", HelpName = "FILE" };
        var json = CommonOptions.Json();
        var command = new Command("fake", Description) { port, accuracy, latency, model, faults, file, seed, ledger, json };
        command.SetAction(async (arguments, cancellation) =>
        {
            var script = arguments.GetValue(file) is { } path
                ? FromFile(path, arguments, [accuracy, latency, model, faults])
                : FromOptions(arguments.GetValue(accuracy), arguments.GetValue(latency), arguments.GetValue(model) ?? [], arguments.GetValue(faults));
            if (arguments.GetResult(seed) is { Implicit: false })
            {
                script = script with { Seed = InRange(seed.Name, arguments.GetValue(seed), 0, long.MaxValue) };
            }

            var options = new ScriptedServerOptions { Port = InRange(port.Name, arguments.GetValue(port), 0, 65_535), LedgerFile = arguments.GetValue(ledger) };
            ScriptedBrainServer server;
            try
            {
                server = await ScriptedBrainServer.StartAsync(script, options, cancellation);
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                return console.Failed($"{e.Message} (--port 0 takes a free port; --ledger names a file that can be written)");
            }

            await using (server)
            {
                console.Output.WriteLine(arguments.GetValue(json)
                    ? Announcement(server.Endpoint, script)
                    : $"Scripted brains (no model) answer at {server.Endpoint}; hive.json: {Snippet(server.Endpoint, script)}");
                console.Output.Flush();
                console.Error.WriteLine("Every answer comes from a script, none from a model. Stop it with Ctrl+C.");
                try
                {
                    await Task.Delay(Timeout.InfiniteTimeSpan, cancellation);
                }
                catch (OperationCanceledException)
                {
                    // Ctrl+C is how it is stopped.
                }
            }

            return ExitCode.Done;
        });
        return command;
    }

    private static BrainScript FromFile(string path, ParseResult arguments, ReadOnlySpan<Option> saidByScript)
    {
        foreach (var option in saidByScript)
        {
            if (arguments.GetResult(option) is { Implicit: false })
            {
                throw new BadInputException($"--script says itself what {option.Name} would say; leave one of them out");
            }
        }

        try
        {
            return BrainScript.Parse(File.ReadAllText(path));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new BadInputException(e.Message);
        }
        catch (BrainScriptException e)
        {
            throw new BadInputException($"{path}: {e.Message}");
        }
    }

    private static BrainScript FromOptions(double accuracy, int latency, string[] models, double faults)
    {
        InRange("--accuracy", accuracy, 0, 1);
        InRange("--latency", latency, 0, 600_000);
        var script = BrainScript.OfTiers(accuracy, latency) with { Faults = ScriptedFaults.Evenly(InRange("--faults", faults, 0, 1)) };
        if (models.Length == 0)
        {
            return script;
        }

        var named = models.Select(model => Model(model, accuracy, latency)).ToArray();
        return named.GroupBy(model => model.Name).FirstOrDefault(group => group.Count() > 1) is { } twice
            ? throw new BadInputException($"--model {twice.Key} is given twice; give each model a name of its own")
            : script with { Models = [.. named] };
    }

    /// <summary>Reads <c>NAME[:TIER[:ACCURACY]]</c> from its end, because a name may have colons too.</summary>
    private static ScriptedModel Model(string text, double accuracy, int latency)
    {
        var (name, tier) = (text, Tiers.Worker);
        if (name.Split(':') is [_, .., var middle, var last] && IsTier(middle) && double.TryParse(last, NumberStyles.Float, CultureInfo.InvariantCulture, out var own))
        {
            (accuracy, name) = (InRange("--model: the accuracy", own, 0, 1), name[..^(last.Length + 1)]);
        }

        if (name.Split(':') is [_, .., var end] && IsTier(end))
        {
            (tier, name) = (end, name[..^(end.Length + 1)]);
        }

        return name.Length is > 0 and <= 64 && name.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.' or ':')
            ? new ScriptedModel { Name = name, Tier = tier, Accuracy = accuracy, LatencyMs = latency }
            : throw new BadInputException($"--model '{text}' is no NAME[:TIER[:ACCURACY]], like small:edge:0.55; a name has 1 to 64 letters, digits, '-', '_', '.' and ':'");
    }

    private static bool IsTier(string text) => Tiers.All.Contains(text);

    private static T InRange<T>(string name, T value, T low, T high)
        where T : IComparable<T> => value.CompareTo(low) >= 0 && value.CompareTo(high) <= 0
            ? value
            : throw new BadInputException(string.Create(CultureInfo.InvariantCulture, $"{name} is {value}; it must be from {low} to {high}"));

    private static string Announcement(Uri endpoint, BrainScript script) => JsonText.Of(writer =>
    {
        writer.WriteStartObject();
        writer.WriteBoolean("scripted", true);
        writer.WriteString("endpoint", endpoint.ToString());
        writer.WriteNumber("processId", Environment.ProcessId);
        writer.WritePropertyName("hive.json");
        WriteSnippet(writer, endpoint, script);
        writer.WriteEndObject();
    });

    private static string Snippet(Uri endpoint, BrainScript script) => JsonText.Of(writer => WriteSnippet(writer, endpoint, script));

    private static void WriteSnippet(Utf8JsonWriter writer, Uri endpoint, BrainScript script)
    {
        writer.WriteStartObject();
        writer.WriteStartArray("brains");
        foreach (var model in script.Models)
        {
            writer.WriteStartObject();
            writer.WriteString("name", model.Name);
            writer.WriteString("endpoint", endpoint.ToString());
            writer.WriteString("model", model.Name);
            writer.WriteString("tier", model.Tier);
            writer.WriteNumber("maxConcurrency", model.MaxConcurrency);
            writer.WriteNumber("contextTokens", model.ContextTokens);
            if (model.PricePerMillionIn > 0 || model.PricePerMillionOut > 0)
            {
                writer.WriteNumber("pricePerMillionIn", model.PricePerMillionIn);
                writer.WriteNumber("pricePerMillionOut", model.PricePerMillionOut);
            }

            writer.WriteEndObject();
        }

        writer.WriteEndArray();
        writer.WriteEndObject();
    }
}
