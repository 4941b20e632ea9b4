using System.Buffers;

namespace Hive.Brains.Wire;

/// <summary>
/// Cuts a stream of server-sent events (WHATWG HTML, section 9.2) into their data, as bytes come in. Other fields than <c>data</c> mean nothing here.
/// </summary>
internal sealed class EventLines
{
    private readonly ArrayBufferWriter<byte> _data = new();
    private bool _hasData;

    /// <summary>Takes complete lines from the front of a buffer until an event is complete.</summary>
    /// <param name="buffer">The bytes; those that were taken are cut off.</param>
    /// <param name="data">The event's data; valid until the next call.</param>
    /// <returns>Whether there is an event; otherwise more bytes are needed.</returns>
    public bool TryTake(ref ReadOnlyMemory<byte> buffer, out ReadOnlyMemory<byte> data)
    {
        if (!_hasData)
        {
            _data.ResetWrittenCount();
        }

        while (buffer.Span.IndexOf((byte)'\n') is >= 0 and var end)
        {
            var line = buffer.Span[..end];
            line = line is [.. var rest, (byte)'\r'] ? rest : line;
            buffer = buffer[(end + 1)..];
            if (line.IsEmpty && _hasData)
            {
                _hasData = false;
                data = _data.WrittenMemory;
                return true;
            }

            Take(line);
        }

        data = default;
        return false;
    }

    /// <summary>The last event of a stream that ends without the empty line which ends an event.</summary>
    /// <param name="rest">The last line, which nothing ended.</param>
    /// <param name="data">The event's data.</param>
    /// <returns>Whether there is one.</returns>
    public bool TryTakeLast(ReadOnlySpan<byte> rest, out ReadOnlyMemory<byte> data)
    {
        if (!_hasData)
        {
            _data.ResetWrittenCount();
        }

        Take(rest);
        data = _data.WrittenMemory;
        var isThere = _hasData;
        _hasData = false;
        return isThere;
    }

    private void Take(ReadOnlySpan<byte> line)
    {
        if (!line.StartsWith("data"u8) || (line.Length > 4 && line[4] != ':'))
        {
            return;
        }

        var value = line.Length > 5 ? line[5..] : default;
        value = value is [(byte)' ', .. var rest] ? rest : value;
        if (_hasData)
        {
            _data.Write("\n"u8);
        }

        _data.Write(value);
        _hasData = true;
    }
}
