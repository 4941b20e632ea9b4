using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;
using Hive.Brains;
using Hive.Silos;
using Microsoft.Extensions.AI;

namespace Hive.Grains.Tests.Cognition.Steps;

/// <summary>One vote as a brain is asked for it.</summary>
/// <param name="Brain">The brain.</param>
/// <param name="Tier">Its tier.</param>
/// <param name="State">The number that the step begins with.</param>
/// <param name="Options">How it is asked.</param>
internal sealed record AskedVote(string Brain, string Tier, long State, ChatOptions Options)
{
    /// <summary>The call's id without its goal, such as <c>s7.0.2</c>.</summary>
    public string Id => ((string)Options.AdditionalProperties!["idempotencyKey"]!).Split('/')[1];

    /// <summary>A number that the call determines, from 0 up to below 1.</summary>
    public double Chance => new SeededRandom(SeededRandom.Mix((ulong)Options.Seed!.Value, (ulong)State)).NextDouble();
}

/// <summary>Brains of one silo whose steps are to add one to a number, and that answer as a test says.</summary>
internal sealed partial class StepBrains(Func<AskedVote, string> answer, params string[] tiers) : IBrains
{
    private readonly List<AskedVote> _asked = [];

    public IReadOnlyList<BrainSpec> All { get; } =
    [
        .. tiers.Select((tier, number) => new BrainSpec { Name = $"{tier}-{number}", Model = $"model-{number}", Tier = tier, MaxConcurrency = 4, PricePerMillionIn = 1, PricePerMillionOut = 2 }),
    ];

    /// <summary>What a server says that an answer's usage was; absent: the truth.</summary>
    public UsageDetails? Usage { get; init; }

    /// <summary>Which votes are never answered.</summary>
    public Func<AskedVote, bool> Hangs { get; set; } = _ => false;

    /// <summary>Every vote that was asked for, in order.</summary>
    public IReadOnlyList<AskedVote> Asked
    {
        get
        {
            lock (_asked) return [.. _asked];
        }
    }

    /// <summary>Brains of which each is right.</summary>
    public static StepBrains Right(int number) => new(Next, [.. Enumerable.Repeat(Tiers.Worker, number)]);

    /// <summary>The right answer.</summary>
    public static string Next(AskedVote vote) => (vote.State + 1).ToString(CultureInfo.InvariantCulture);

    public IChatClient Open(string name) => new Client(this, All.Single(brain => brain.Name == name));

    [GeneratedRegex(@"^<<<state \w+\n(\d+)\n", RegexOptions.Multiline)]
    private static partial Regex State();

    private string Answer(AskedVote vote)
    {
        lock (_asked)
        {
            _asked.Add(vote);
        }

        return answer(vote);
    }

    private sealed class Client(StepBrains brains, BrainSpec brain) : IChatClient
    {
        public async Task<ChatResponse> GetResponseAsync(IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default)
        {
            // Answers come in their own time, as from a server.
            await Task.Yield();
            var state = State().Match(messages.Last().Text) is { Success: true } match ? long.Parse(match.Groups[1].Value, CultureInfo.InvariantCulture) : -1;
            var vote = new AskedVote(brain.Name, brain.Tier, state, options!);
            var text = brains.Answer(vote);
            if (brains.Hangs(vote))
            {
                await Task.Delay(Timeout.Infinite, cancellationToken);
            }

            return new ChatResponse(new ChatMessage(ChatRole.Assistant, text)) { Usage = brains.Usage ?? new UsageDetails { InputTokenCount = 100, OutputTokenCount = 5 } };
        }

        public async IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(
            IEnumerable<ChatMessage> messages, ChatOptions? options = null, [EnumeratorCancellation] CancellationToken cancellationToken = default)
        {
            foreach (var update in (await GetResponseAsync(messages, options, cancellationToken)).ToChatResponseUpdates())
            {
                yield return update;
            }
        }

        public object? GetService(Type serviceType, object? serviceKey = null) => null;

        public void Dispose()
        {
        }
    }
}
