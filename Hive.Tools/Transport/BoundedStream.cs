namespace Hive.Tools.Transport;

/// <summary>Reads from a server, and fails where it says too much at once: whoever collects a message before understanding it would run out of memory.</summary>
/// <param name="inner">What is read; disposed of with this.</param>
/// <param name="most">How many bytes there may be.</param>
/// <param name="isPerLine">Whether that is counted anew with every line.</param>
internal sealed class BoundedStream(Stream inner, long most, bool isPerLine) : Stream
{
    private long _count;

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        var length = await inner.ReadAsync(buffer, cancellationToken).ConfigureAwait(false);
        Count(buffer.Span[..length]);
        return length;
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override int Read(byte[] buffer, int offset, int count)
    {
        var length = inner.Read(buffer, offset, count);
        Count(buffer.AsSpan(offset, length));
        return length;
    }

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            inner.Dispose();
        }

        base.Dispose(disposing);
    }

    private void Count(ReadOnlySpan<byte> read)
    {
        while (isPerLine && read.IndexOf((byte)'\n') is >= 0 and var end)
        {
            Add(end);
            _count = 0;
            read = read[(end + 1)..];
        }

        Add(read.Length);
    }

    private void Add(int bytes)
    {
        _count += bytes;
        if (_count > most)
        {
            throw new IOException($"the server sent more than {most:N0} bytes at once");
        }
    }
}
