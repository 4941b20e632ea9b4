namespace Hive.Evaluators.Commands;

/// <summary>Reads lines from a stream, never more than one line of <see cref="MaxLine"/> bytes at a time.</summary>
internal sealed class LineReader(Stream stream)
{
    /// <summary>The longest line, in bytes without its end.</summary>
    public const int MaxLine = 1 << 20;

    private byte[] _buffer = new byte[1 << 16];
    private int _start;
    private int _scanned;
    private int _end;

    /// <summary>The next whole line that has been read already.</summary>
    /// <param name="line">The line without its end; valid until the next call.</param>
    /// <returns>Whether there is one; otherwise <see cref="FillAsync"/> reads on.</returns>
    /// <exception cref="InvalidDataException">The line is longer than <see cref="MaxLine"/>.</exception>
    public bool TryRead(out ReadOnlySpan<byte> line)
    {
        var found = _buffer.AsSpan(_scanned, _end - _scanned).IndexOf((byte)'\n');
        var length = found >= 0 ? _scanned + found - _start : _end - _start;
        if (length > MaxLine)
        {
            throw new InvalidDataException($"a line of more than {MaxLine} bytes");
        }

        if (found < 0)
        {
            _scanned = _end;
            line = default;
            return false;
        }

        line = _buffer.AsSpan(_start, length);
        _start += length + 1;
        _scanned = _start;
        return true;
    }

    /// <summary>Reads more.</summary>
    /// <param name="cancellation">Stops waiting.</param>
    /// <returns>Whether there was more; false at the end of the stream.</returns>
    public async ValueTask<bool> FillAsync(CancellationToken cancellation)
    {
        if (_start > 0)
        {
            _buffer.AsSpan(_start, _end - _start).CopyTo(_buffer);
            _scanned -= _start;
            _end -= _start;
            _start = 0;
        }

        if (_end == _buffer.Length)
        {
            // TryRead refuses lines above MaxLine, so the buffer grows to twice that at most.
            Array.Resize(ref _buffer, 2 * _buffer.Length);
        }

        var length = await stream.ReadAsync(_buffer.AsMemory(_end), cancellation).ConfigureAwait(false);
        _end += length;
        return length > 0;
    }
}
