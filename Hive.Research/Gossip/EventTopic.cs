using System.Buffers;
using System.Globalization;

namespace Hive.Gossip;

/// <summary>The rules that every <see cref="IEventBus"/> holds its senders to.</summary>
public static class EventTopic
{
    private const int MaxLength = 200;

    private static readonly SearchValues<char> Letters = SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_");

    /// <summary>Checks an event before it is sent.</summary>
    /// <param name="topic">Its topic.</param>
    /// <param name="bytes">Its size.</param>
    /// <exception cref="ArgumentException">The topic or the size breaks a rule; the message says which.</exception>
    public static void Check(string topic, int bytes)
    {
        Check(topic);
        if (bytes > IEventBus.MaxEventBytes)
        {
            throw new ArgumentException(string.Create(CultureInfo.InvariantCulture, $"an event of {bytes:N0} bytes is too large: at most {IEventBus.MaxEventBytes:N0} are carried"));
        }
    }

    /// <summary>Checks a topic.</summary>
    /// <param name="topic">1 to 200 characters: words of letters, digits, <c>-</c> and <c>_</c>, joined by dots.</param>
    /// <exception cref="ArgumentException">It is none.</exception>
    public static void Check(string topic)
    {
        if (topic.Length > MaxLength)
        {
            throw new ArgumentException($"a topic has at most {MaxLength} characters");
        }

        foreach (var word in topic.AsSpan().Split('.'))
        {
            if (topic.AsSpan(word).IsEmpty || topic.AsSpan(word).ContainsAnyExcept(Letters))
            {
                throw new ArgumentException($"'{topic}' is no topic: words of letters, digits, '-' and '_', joined by dots");
            }
        }
    }
}
