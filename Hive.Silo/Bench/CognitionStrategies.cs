using System.Diagnostics;
using Hive.Brains;
using Hive.Brains.Scripted;
using Hive.Client;
using Hive.Goals;
using Hive.Silos;
using Microsoft.Extensions.AI;

namespace Hive.Silo.Bench;

/// <summary>Four ways to have the same simulated tasks done by the same scripted brains.</summary>
internal static class CognitionStrategies
{
    private const int AnswerTokens = 64;
    private const int MostRetries = 2;

    /// <summary>One goal of all the tasks: cheap attempts, critics, and a higher tier where they fail.</summary>
    public static async Task<StrategyRun> HiveAsync(CognitionSettings settings, long seed, CancellationToken cancellation)
    {
        await using var host = await CognitionHost.StartAsync(new ScriptedBrains(settings.Script(seed), TimeProvider.System), cancellation);
        var watch = Stopwatch.StartNew();
        var id = await host.Hive.SubmitAsync(Goal(settings, seed), FormattableString.Invariant($"simulation-{seed}"), cancellation);
        var status = await host.Hive.WaitAsync(id, cancellation);
        var seconds = watch.Elapsed.TotalSeconds;
        var used = status.Cognition!.Evidence.Select(evidence => evidence.Candidate).ToHashSet(StringComparer.Ordinal);
        var right = 0;
        await foreach (var entry in host.Hive.WatchAsync(id, 0, cancellation))
        {
            if (entry.Read() is CallSettled { Reply: { } reply } settled && used.Contains(settled.Call) && SimulatedTask.IsRight(seed, TaskOf(settled.Call), BrainReply.FromJson(reply).Text))
            {
                right++;
            }
        }

        var tiers = status.Cognition.Ledger.Tiers;
        return new StrategyRun((double)right / settings.Tasks, seconds, Tiers.All.ToDictionary(
            tier => tier,
            tier => tiers.FirstOrDefault(spent => spent.Tier == tier) is { } spent ? new TierUse(spent.Calls, spent.Tokens) : new TierUse(0, 0)));
    }

    /// <summary>The biggest model alone: every task once, as many at a time as it takes.</summary>
    public static Task<StrategyRun> AloneAsync(CognitionSettings settings, long seed, CancellationToken cancellation) =>
        DirectAsync(settings, seed, (asker, task) => asker.AttemptAsync(Tiers.Core, task, 0, cancellation));

    /// <summary>As many attempts as Hive's width, all by the middle model, which then judges them itself and takes the first that it accepts.</summary>
    public static Task<StrategyRun> BestOfAsync(CognitionSettings settings, long seed, CancellationToken cancellation) => DirectAsync(settings, seed, async (asker, task) =>
    {
        var answers = await Task.WhenAll(Enumerable.Range(0, settings.Width).Select(i => asker.AttemptAsync(Tiers.Worker, task, i, cancellation)));
        var verdicts = await Task.WhenAll(answers.Select((answer, i) => asker.IsAcceptedAsync(Tiers.Worker, task, answer, i, cancellation)));
        return answers[Math.Max(0, Array.IndexOf(verdicts, true))];
    });

    /// <summary>One agent of the middle model after the other: it does a task, judges it, and does it again where it does not like it.</summary>
    public static async Task<StrategyRun> SerialAsync(CognitionSettings settings, long seed, CancellationToken cancellation)
    {
        var asker = new Asker(settings, seed);
        var watch = Stopwatch.StartNew();
        var right = 0;
        for (var task = 0; task < settings.Tasks; task++)
        {
            var answer = "";
            for (var i = 0; i <= MostRetries; i++)
            {
                answer = await asker.AttemptAsync(Tiers.Worker, task, i, cancellation);
                if (await asker.IsAcceptedAsync(Tiers.Worker, task, answer, i, cancellation))
                {
                    break;
                }
            }

            right += SimulatedTask.IsRight(seed, task, answer) ? 1 : 0;
        }

        return asker.Result(right, watch.Elapsed.TotalSeconds);
    }

    /// <summary>The goal that Hive is given.</summary>
    public static GoalSpec Goal(CognitionSettings settings, long seed) => new()
    {
        Objective = "Answer every one of these simulated tasks",
        Cognition = new CognitionSpec
        {
            Critics = new CriticsCheck(3, 0.6) { Confidence = settings.Confidence },
            Tasks = [.. Enumerable.Range(0, settings.Tasks).Select(task => SimulatedTask.Prompt(seed, task))],
            Width = settings.Width,
            Stakes = Stakes.Low,
            AnswerTokens = AnswerTokens,
        },
        Budget = new GoalBudget(null, 3_600, 1),
        Agents = settings.Concurrency,
        Seed = seed,
    };

    /// <summary>Which task a call of the goal's is about: the third task's are <c>r0.t3.a0</c> and so on.</summary>
    private static int TaskOf(string call) => int.Parse(call.Split('.')[1].AsSpan(1), System.Globalization.CultureInfo.InvariantCulture) - 1;

    private static async Task<StrategyRun> DirectAsync(CognitionSettings settings, long seed, Func<Asker, int, Task<string>> answer)
    {
        var asker = new Asker(settings, seed);
        var watch = Stopwatch.StartNew();
        var answers = await Task.WhenAll(Enumerable.Range(0, settings.Tasks).Select(task => answer(asker, task)));
        return asker.Result(answers.Where((text, task) => SimulatedTask.IsRight(seed, task, text)).Count(), watch.Elapsed.TotalSeconds);
    }

    /// <summary>Asks scripted brains without Hive, and counts.</summary>
    private sealed class Asker(CognitionSettings settings, long seed)
    {
        private readonly ScriptedBrains _brains = new(settings.Script(seed), TimeProvider.System);
        private readonly SemaphoreSlim _places = new(settings.Concurrency);
        private readonly Dictionary<string, TierUse> _use = Tiers.All.ToDictionary(tier => tier, _ => new TierUse(0, 0));

        public Task<string> AttemptAsync(string tier, int task, int attempt, CancellationToken cancellation) =>
            AskAsync(tier, $"{task}/attempt{attempt}", SimulatedTask.Prompt(seed, task), null, cancellation);

        public async Task<bool> IsAcceptedAsync(string tier, int task, string answer, int attempt, CancellationToken cancellation)
        {
            var prompt = $"{SimulatedTask.Prompt(seed, task)}\n\nJudge this answer:\n{Cognition.Prompts.Fence.Wrap("candidate", answer)}";
            var reply = await AskAsync(tier, $"{task}/verdict{attempt}", prompt, ChatResponseFormat.ForJsonSchema(Schema(), Cognition.Critics.VerdictSchema.Name), cancellation);
            return Cognition.Critics.VerdictReader.Read(reply, out _) is { Score: >= 0.6 };
        }

        public StrategyRun Result(int right, double seconds) => new((double)right / settings.Tasks, seconds, _use);

        private static System.Text.Json.JsonElement Schema()
        {
            using var document = System.Text.Json.JsonDocument.Parse(Cognition.Critics.VerdictSchema.Json);
            return document.RootElement.Clone();
        }

        private async Task<string> AskAsync(string tier, string key, string prompt, ChatResponseFormat? format, CancellationToken cancellation)
        {
            await _places.WaitAsync(cancellation);
            try
            {
                var options = new ChatOptions { MaxOutputTokens = 256, ResponseFormat = format, AdditionalProperties = new AdditionalPropertiesDictionary { ["idempotencyKey"] = key } };
                var response = await _brains.Open(CognitionSettings.ModelOf(tier)).GetResponseAsync([new ChatMessage(ChatRole.User, prompt)], options, cancellation);
                lock (_use)
                {
                    var (calls, tokens) = _use[tier];
                    _use[tier] = new TierUse(calls + 1, tokens + (response.Usage?.InputTokenCount ?? 0) + (response.Usage?.OutputTokenCount ?? 0));
                }

                return response.Text;
            }
            finally
            {
                _places.Release();
            }
        }
    }
}

/// <summary>What one strategy brought in one simulation.</summary>
/// <param name="Accuracy">The share of tasks whose answer is right.</param>
/// <param name="Seconds">The wall time.</param>
/// <param name="Tiers">What each tier was asked.</param>
internal sealed record StrategyRun(double Accuracy, double Seconds, IReadOnlyDictionary<string, TierUse> Tiers);

/// <summary>What a tier was asked.</summary>
internal readonly record struct TierUse(long Calls, long Tokens);
