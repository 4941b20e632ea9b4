using System.Buffers;
using System.Collections.Immutable;
using System.Text;

namespace Hive.Basins;

/// <summary>
/// Reads deltas. Their canonical form leaves no choice, so the reader expects it letter by letter: what it accepts is canonical, and it is read once.
/// </summary>
internal ref struct DeltaReader
{
    private static readonly SearchValues<byte> Hexadecimal = SearchValues.Create("0123456789abcdef"u8);

    private readonly ReadOnlySpan<byte> _bytes;
    private int _at;

    private DeltaReader(ReadOnlySpan<byte> bytes) => _bytes = bytes;

    public static BasinDelta Read(ReadOnlySpan<byte> bytes, BasinSpace space)
    {
        if (bytes.Length > BasinDelta.MaxBytes) throw new BasinRefusedException(RefusalReason.Oversized, $"a delta has at most {BasinDelta.MaxBytes} bytes; this has {bytes.Length:N0}");
        return new DeltaReader(bytes).Read(space);
    }

    private BasinDelta Read(BasinSpace space)
    {
        Expect("{\"author\":\""u8);
        var author = Digits(BasinNames.KeyIdLength);
        Expect("\",\"base\":\""u8);
        var basedOn = Digits(BasinNames.AddressLength);
        Expect("\",\"claims\":["u8);
        var claims = Claims();
        Expect(",\"experiments\":"u8);
        var experiments = Number(BasinRecord.MaxCount);
        Expect(",\"factors\":["u8);
        var tangent = new double[space.Dimension];
        var factors = Factors(space, tangent);
        Expect("}"u8);
        if (_at != _bytes.Length) throw Refused(RefusalReason.NotCanonical, "the end");
        return new BasinDelta(author, basedOn, claims, experiments, tangent, factors, _bytes.ToArray());
    }

    private ImmutableArray<string> Claims()
    {
        if (Try((byte)']')) return [];
        var claims = ImmutableArray.CreateBuilder<string>(BasinDelta.MaxClaims);
        do
        {
            Expect("\""u8);
            var length = _bytes[_at..].IndexOf((byte)'"');
            if (length < 0 || Encoding.UTF8.GetString(_bytes.Slice(_at, Math.Min(length, BasinNames.MaxClaim + 1))) is not { } claim || !BasinNames.IsClaim(claim))
            {
                throw Refused(RefusalReason.Malformed, $"a claim of 1 to {BasinNames.MaxClaim} letters, digits, '-', '_', '.' and ':'");
            }

            if (claims.Count == BasinDelta.MaxClaims) throw Refused(RefusalReason.Malformed, $"at most {BasinDelta.MaxClaims} claims");
            claims.Add(claim);
            _at += length;
            Expect("\""u8);
        }
        while (Try((byte)','));
        Expect("]"u8);
        return claims.DrainToImmutable();
    }

    private uint Factors(BasinSpace space, double[] tangent)
    {
        if (Try((byte)']')) return 0;
        uint count = 0;
        var last = -1L;
        do
        {
            Expect("["u8);
            var factor = Number(BasinDelta.MaxUnits);
            if (factor <= last || factor >= space.Count || ++count > BasinDelta.MaxFactors)
            {
                throw Refused(RefusalReason.OtherSpace, $"at most {BasinDelta.MaxFactors} factors below {space.Count}, in rising order");
            }

            last = factor;
            foreach (ref var coordinate in tangent.AsSpan(space.Part((int)factor)))
            {
                Expect(","u8);
                coordinate = BasinDelta.Unit * SignedNumber();
            }

            Expect("]"u8);
        }
        while (Try((byte)','));
        Expect("]"u8);
        return count;
    }

    private string Digits(int length)
    {
        if (_bytes.Length - _at < length || _bytes.Slice(_at, length).ContainsAnyExcept(Hexadecimal)) throw Refused(RefusalReason.Malformed, $"{length} lower-case hexadecimal digits");
        _at += length;
        return Encoding.ASCII.GetString(_bytes.Slice(_at - length, length));
    }

    private long SignedNumber()
    {
        if (!Try((byte)'-')) return Number(BasinDelta.MaxUnits);
        var number = Number(BasinDelta.MaxUnits);
        return number == 0 ? throw Refused(RefusalReason.NotCanonical, "a zero without a sign") : -number;
    }

    private long Number(long most)
    {
        var (start, number) = (_at, 0L);
        while (_at < _bytes.Length && (uint)(_bytes[_at] - '0') <= 9 && number <= most) number = (number * 10) + (_bytes[_at++] - '0');
        var isPlain = _at > start && number <= most && (_bytes[start] != '0' || _at == start + 1);
        return isPlain ? number : throw Refused(RefusalReason.Malformed, $"a whole number up to {most} without leading zeros");
    }

    private bool Try(byte letter)
    {
        if (_at >= _bytes.Length || _bytes[_at] != letter) return false;
        _at++;
        return true;
    }

    private void Expect(ReadOnlySpan<byte> text)
    {
        var left = _bytes[_at..];
        if (left.StartsWith(text))
        {
            _at += text.Length;
            return;
        }

        if (text.StartsWith(left)) _at = _bytes.Length;
        throw Refused(RefusalReason.NotCanonical, $"'{Encoding.ASCII.GetString(text)}'");
    }

    private readonly BasinRefusedException Refused(RefusalReason reason, string wanted) =>
        _at >= _bytes.Length
            ? new(RefusalReason.NotJson, $"the delta ends at byte {_bytes.Length}, where {wanted} is wanted; it was cut off")
            : new(reason, $"at byte {_at} of the delta {wanted} is wanted; see docs/basins.md for its form");
}
