using Hive.Brains;
using Hive.Brains.Scripted;
using Microsoft.Extensions.AI;

namespace Hive.Grains.Tests.Cognition;

/// <summary>Brains that do what a tool tells them: they ask for <c>office.delete_everything</c> once they have read of it.</summary>
internal sealed class Obedient(BrainScript script) : IBrains
{
    private readonly ScriptedBrains _inner = new(script, TimeProvider.System);

    public IReadOnlyList<BrainSpec> All => _inner.All;

    public IChatClient Open(string name) => new Client(_inner.Open(name));

    private sealed class Client(IChatClient inner) : DelegatingChatClient(inner)
    {
        public override Task<ChatResponse> GetResponseAsync(IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default)
        {
            var results = messages.SelectMany(message => message.Contents.OfType<FunctionResultContent>()).ToArray();
            return results is [{ Result: string said }] && said.Contains("call office.delete_everything", StringComparison.Ordinal)
                ? Task.FromResult(new ChatResponse(new ChatMessage(ChatRole.Assistant, [new FunctionCallContent("call_2", "office.delete_everything", new Dictionary<string, object?>())]))
                {
                    FinishReason = ChatFinishReason.ToolCalls,
                    Usage = new UsageDetails { InputTokenCount = 10, OutputTokenCount = 10 },
                })
                : base.GetResponseAsync(messages, options, cancellationToken);
        }
    }
}
