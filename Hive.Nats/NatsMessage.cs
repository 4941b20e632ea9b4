using System.Text;

namespace Hive.Nats;

/// <summary>A received message of which everything was copied out of the receive buffer, so that it may be kept.</summary>
public sealed class NatsMessage
{
    private readonly byte[] _bytes;

    private readonly int _subject;

    private readonly int _replyTo;

    private readonly int _headers;

    internal NatsMessage(in NatsMessageView view)
    {
        _subject = view.Subject.Length;
        _replyTo = _subject + view.ReplyTo.Length;
        _headers = _replyTo + view.Headers.Bytes.Length;
        _bytes = GC.AllocateUninitializedArray<byte>(_headers + view.Payload.Length);
        view.Subject.CopyTo(_bytes);
        view.ReplyTo.CopyTo(_bytes.AsSpan(_subject));
        view.Headers.Bytes.CopyTo(_bytes.AsSpan(_replyTo));
        view.Payload.Span.CopyTo(_bytes.AsSpan(_headers));
    }

    /// <summary>The subject that it was published to.</summary>
    public string Subject => Encoding.UTF8.GetString(_bytes.AsSpan(0, _subject));

    /// <summary>Where to send a reply; null if none is wanted.</summary>
    public string? ReplyTo => _replyTo == _subject ? null : Encoding.UTF8.GetString(_bytes.AsSpan(_subject.._replyTo));

    /// <summary>The headers.</summary>
    public NatsHeaderBlock Headers => new(_bytes.AsSpan(_replyTo.._headers));

    /// <summary>The payload.</summary>
    public ReadOnlyMemory<byte> Payload => _bytes.AsMemory(_headers);
}
