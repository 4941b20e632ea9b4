using System.Text;

namespace Hive.Building;

/// <summary>Keeps the end of what a program prints, however much it is.</summary>
internal sealed class OutputTail
{
    /// <summary>The most bytes kept.</summary>
    public const int Kept = 16 << 10;

    private readonly byte[] _ring = new byte[Kept];
    private long _length;

    /// <summary>Reads to the end.</summary>
    /// <param name="stream">What the program prints.</param>
    /// <param name="cancellation">Stops reading.</param>
    public async Task ReadAsync(Stream stream, CancellationToken cancellation)
    {
        var buffer = new byte[4096];
        while (await stream.ReadAsync(buffer, cancellation).ConfigureAwait(false) is > 0 and var read)
        {
            Add(buffer.AsSpan(0, read));
        }
    }

    /// <summary>Adds a line of Hive's own.</summary>
    /// <param name="line">The line.</param>
    public void Say(string line) => Add(Encoding.UTF8.GetBytes((_length == 0 || _ring[(_length - 1) % Kept] == '\n' ? "" : "\n") + line + "\n"));

    /// <summary>The text; control characters other than line ends and tabs are left out.</summary>
    public override string ToString()
    {
        var isCut = _length > Kept;
        var bytes = new byte[Math.Min(_length, Kept)];
        for (var i = 0; i < bytes.Length; i++)
        {
            bytes[i] = _ring[(_length - bytes.Length + i) % Kept];
        }

        // The first character may have lost its beginning.
        var start = isCut ? bytes.TakeWhile(each => (each & 0xC0) == 0x80).Count() : 0;
        var text = Encoding.UTF8.GetString(bytes, start, bytes.Length - start);
        return (isCut ? "[earlier output is left out]\n" : "") + string.Concat(text.Where(character => character is '\n' or '\t' || !char.IsControl(character)));
    }

    private void Add(ReadOnlySpan<byte> bytes)
    {
        foreach (var each in bytes)
        {
            _ring[_length++ % Kept] = each;
        }
    }
}
