using System.Runtime.CompilerServices;
using Hive.Randomness;
using Microsoft.Extensions.AI;

namespace Hive.Silo.Bench;

/// <summary>
/// A scripted brain that makes one move of the Towers of Hanoi and errs at a given rate, the same way whenever it is asked with the same seed. It stands in for a model in a simulation.
/// </summary>
/// <param name="accuracy">How many of its readable answers are right; the others are wrong in various plausible ways.</param>
/// <param name="malformed">How many of all its answers are not readable, on top of those that are wrong.</param>
/// <param name="seed">What its errors are drawn from, beside the seed of each call and the state that it is shown.</param>
internal sealed class HanoiBrain(double accuracy, double malformed, ulong seed) : IChatClient
{
    /// <summary>The rule of thumb for English; what is simulated is the bookkeeping, not a tokenizer.</summary>
    private const int CharactersPerToken = 4;

    public Task<ChatResponse> GetResponseAsync(IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var asked = 0;
        HanoiState? state = null;
        foreach (var message in messages)
        {
            var text = message.Text;
            asked += text.Length;
            state = LastState(text) ?? state;
        }

        var answer = Answer(state, (ulong)(options?.Seed ?? 0));
        var isCut = Tokens(answer.Length) > options?.MaxOutputTokens;
        answer = isCut ? answer[..(options!.MaxOutputTokens!.Value * CharactersPerToken)] : answer;
        return Task.FromResult(new ChatResponse(new ChatMessage(ChatRole.Assistant, answer))
        {
            FinishReason = isCut ? ChatFinishReason.Length : ChatFinishReason.Stop,
            Usage = new UsageDetails { InputTokenCount = Tokens(asked), OutputTokenCount = Tokens(answer.Length), TotalTokenCount = Tokens(asked) + Tokens(answer.Length) },
        });
    }

    public async IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(
        IEnumerable<ChatMessage> messages, ChatOptions? options = null, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        foreach (var update in (await GetResponseAsync(messages, options, cancellationToken)).ToChatResponseUpdates())
        {
            yield return update;
        }
    }

    public object? GetService(Type serviceType, object? serviceKey = null) => serviceKey is null && serviceType.IsInstanceOfType(this) ? this : null;

    public void Dispose()
    {
    }

    private static int Tokens(int characters) => (characters + CharactersPerToken - 1) / CharactersPerToken;

    /// <summary>The last line of a message that is a state: whatever else a prompt holds is not looked at.</summary>
    private static HanoiState? LastState(ReadOnlySpan<char> text)
    {
        while (text.Length > 0)
        {
            var start = text.LastIndexOf('\n') + 1;
            if (HanoiState.TryParse(text[start..].Trim(), out var state))
            {
                return state;
            }

            text = text[..Math.Max(0, start - 1)];
        }

        return null;
    }

    private static ulong Hash(string text)
    {
        // FNV-1a: the runtime's own differs from process to process.
        var hash = 14_695_981_039_346_656_037;
        foreach (var character in text)
        {
            hash = (hash ^ character) * 1_099_511_628_211;
        }

        return hash;
    }

    private string Answer(HanoiState? state, ulong call)
    {
        if (state?.Next() is not { } right)
        {
            return "I see no move that could be made here.";
        }

        var random = new SeededRandom(SeededRandom.Mix(SeededRandom.Mix(seed, call), Hash(state.ToString())));
        return random.NextChance(malformed) ? Malformed(right, random)
            : random.NextChance(accuracy) ? right.ToString()
            : Wrong(state, right, random);
    }

    /// <summary>Another move than the right one, legal or not; or the right one, with a disk lost sight of.</summary>
    private static string Wrong(HanoiState state, HanoiState right, SeededRandom random)
    {
        while (true)
        {
            var (from, to) = (random.NextInt(3), random.NextInt(3));
            var wrong = (random.NextChance(0.5) ? state.Move(from, to) : right.Misplace(from, to))?.ToString();
            if (wrong is not null && wrong != right.ToString())
            {
                return wrong;
            }
        }
    }

    private static string Malformed(HanoiState right, SeededRandom random) => random.NextInt(3) switch
    {
        0 => right.ToString()[..^(1 + random.NextInt(8))] + " …",
        1 => $"Let me think about which disk moves now. The answer is: {right}",
        _ => string.Concat(Enumerable.Repeat("Wait, let me look at the pegs again. ", 40)),
    };
}
