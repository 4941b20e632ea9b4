using System.Text;

namespace Hive.Processes;

/// <summary>Reads a program's standard error to its end and keeps the beginning and the end of it, however much there is.</summary>
internal sealed class ErrorText(Stream stream)
{
    private const int Kept = 1024;
    private const int LinesShown = 2;

    private readonly Lock _lock = new();
    private readonly byte[] _head = new byte[Kept];
    private readonly byte[] _tail = new byte[Kept];
    private int _headLength;
    private int _tailLength;
    private bool _hasGap;

    /// <summary>Reads to the end of the stream.</summary>
    /// <param name="cancellation">Stops early.</param>
    public async Task ReadAsync(CancellationToken cancellation)
    {
        var buffer = new byte[4096];
        try
        {
            while (await stream.ReadAsync(buffer, cancellation).ConfigureAwait(false) is > 0 and var length)
            {
                lock (_lock)
                {
                    Keep(buffer.AsSpan(0, length));
                }
            }
        }
        catch (Exception e) when (e is IOException or OperationCanceledException)
        {
            // What came before is what there is.
        }
    }

    /// <summary>The first and the last lines, joined into one; empty where nothing was written.</summary>
    public string Summary()
    {
        lock (_lock)
        {
            var head = _head.AsSpan(0, _headLength);
            var tail = _tail.AsSpan(0, _tailLength);
            string[] all = _hasGap ? [.. Lines(head), .. Lines(tail)] : Lines([.. head, .. tail]);
            string[] shown = all.Length > 2 * LinesShown ? [.. all.Take(LinesShown), "…", .. all.TakeLast(LinesShown)] : all;
            return OneLine.Of(string.Join(" | ", shown));
        }
    }

    private static string[] Lines(ReadOnlySpan<byte> text) =>
        Encoding.UTF8.GetString(text).Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);

    private void Keep(ReadOnlySpan<byte> text)
    {
        var first = text[..Math.Min(text.Length, Kept - _headLength)];
        first.CopyTo(_head.AsSpan(_headLength));
        _headLength += first.Length;

        var rest = text[first.Length..];
        var overflow = _tailLength + rest.Length - Kept;
        if (overflow > 0)
        {
            _hasGap = true;
            var dropped = Math.Min(overflow, _tailLength);
            _tail.AsSpan(dropped, _tailLength - dropped).CopyTo(_tail);
            _tailLength -= dropped;
            rest = rest[^Math.Min(rest.Length, Kept)..];
        }

        rest.CopyTo(_tail.AsSpan(_tailLength));
        _tailLength += rest.Length;
    }
}
