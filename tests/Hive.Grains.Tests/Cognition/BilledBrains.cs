using System.Collections.Concurrent;
using System.Text;
using Hive.Brains;
using Microsoft.Extensions.AI;

namespace Hive.Grains.Tests.Cognition;

/// <summary>A call that a brain was asked.</summary>
/// <param name="Brain">The brain.</param>
/// <param name="Key">The call's idempotency key.</param>
/// <param name="Asked">All that was said.</param>
internal sealed record BilledCall(string Brain, string Key, string Asked)
{
    /// <summary>The goal that asked: keys begin with its id.</summary>
    public string Goal => Key[..Key.IndexOf('/', StringComparison.Ordinal)];

    /// <summary>The call's id within the goal.</summary>
    public string Id => Key[(Key.IndexOf('/', StringComparison.Ordinal) + 1)..];
}

/// <summary>Brains whose server bills as much as it may: what it answered, and where nobody can know whether it did, all that it could have.</summary>
internal sealed class BilledBrains(IBrains inner) : IBrains
{
    private readonly ConcurrentQueue<BilledCall> _calls = new();
    private readonly ConcurrentDictionary<string, long> _bills = new(StringComparer.Ordinal);

    /// <summary>Comes before every answer; it may wait, and throw.</summary>
    public Func<BilledCall, CancellationToken, Task>? Before { get; set; }

    public IReadOnlyList<BrainSpec> All => inner.All;

    public IReadOnlyCollection<BilledCall> Calls => _calls;

    /// <summary>What a goal is billed in tokens.</summary>
    public long BillOf(string goal) => _bills.GetValueOrDefault(goal);

    public IEnumerable<BilledCall> CallsOf(string goal) => _calls.Where(call => call.Goal == goal);

    public IChatClient Open(string name) => new Client(this, name, inner.Open(name));

    private sealed class Client(BilledBrains brains, string name, IChatClient inner) : DelegatingChatClient(inner)
    {
        public override async Task<ChatResponse> GetResponseAsync(IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default)
        {
            var list = messages.ToList();
            var call = new BilledCall(name, (string)options!.AdditionalProperties!["idempotencyKey"]!, string.Join('\n', list.Select(TextOf)));
            brains._calls.Enqueue(call);
            var (asked, most) = (list.Sum(message => Quarter(TextOf(message))), options.MaxOutputTokens!.Value);
            try
            {
                if (brains.Before is { } before)
                {
                    await before(call, cancellationToken);
                }

                var response = await base.GetResponseAsync(list, options, cancellationToken);
                Bill(asked + (response.FinishReason == ChatFinishReason.ToolCalls ? most : Quarter(response.Text)));
                return response;
            }
            catch (BrainException e) when (!e.MayHaveBeenPaid)
            {
                throw;
            }
            catch
            {
                Bill(asked + most);
                throw;
            }

            void Bill(long tokens) => brains._bills.AddOrUpdate(call.Goal, tokens, (_, before) => before + tokens);
        }

        private static string TextOf(ChatMessage message) =>
            string.Concat(message.Contents.Select(content => content switch { TextContent text => text.Text, FunctionResultContent result => result.Result?.ToString(), _ => "" }));

        private static long Quarter(string text) => (Encoding.UTF8.GetByteCount(text) + 3) / 4;
    }
}
