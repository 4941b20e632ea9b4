using FsCheck;
using FsCheck.Fluent;
using Hive.Evaluators.Commands;

namespace Hive.Grains.Tests.Evaluators;

/// <summary>However a stream is cut into pieces, its lines are the same.</summary>
public class LineReaderProperties
{
    [Fact]
    public void Lines_do_not_depend_on_how_they_arrive() =>
        Check.One(Config.QuickThrowOnFailure, Prop.ForAll(
            ArbMap.Default.ArbFor<NonNull<string>[]>(),
            ArbMap.Default.ArbFor<PositiveInt>(),
            (texts, piece) =>
            {
                var lines = texts.Select(text => new string([.. text.Get.Where(character => character is > '\n' and < '\u007f')])).ToArray();
                using var stream = new Dripping(System.Text.Encoding.ASCII.GetBytes(string.Concat(lines.Select(line => line + "\n"))), piece.Get);
                return ReadAll(new LineReader(stream)).SequenceEqual(lines);
            }));

    [Theory]
    [InlineData(LineReader.MaxLine, true)]
    [InlineData(LineReader.MaxLine + 1, false)]
    public void A_line_of_a_mebibyte_is_read_and_a_longer_one_refused(int length, bool isRead)
    {
        using var stream = new Dripping([.. new byte[length], (byte)'\n', (byte)'a', (byte)'\n'], 50_000);
        var reader = new LineReader(stream);

        if (isRead)
        {
            Assert.Equal([length, 1], ReadAll(reader).Select(line => line.Length));
        }
        else
        {
            Assert.Throws<InvalidDataException>(() => ReadAll(reader));
        }
    }

    private static List<string> ReadAll(LineReader reader)
    {
        var lines = new List<string>();
        do
        {
            while (reader.TryRead(out var line))
            {
                lines.Add(System.Text.Encoding.ASCII.GetString(line));
            }
        }
        while (reader.FillAsync(CancellationToken.None).AsTask().GetAwaiter().GetResult());
        return lines;
    }

    /// <summary>A stream that gives at most so many bytes at once.</summary>
    private sealed class Dripping(byte[] content, int most) : MemoryStream(content)
    {
        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
            base.ReadAsync(buffer[..Math.Min(buffer.Length, most)], cancellationToken);
    }
}
