using System.Collections.Immutable;
using System.Numerics.Tensors;
using System.Security.Cryptography;
using System.Text;

namespace Hive.Basins;

/// <summary>
/// What an agent would change: a tangent vector at a packet's point, of at most <see cref="MaxFactors"/> factors in at most <see cref="MaxBytes"/> of canonical JSON:
/// <c>{"author":"…","base":"…","claims":["…"],"experiments":n,"factors":[[factor,units,…],…]}</c>. Coordinates are whole units of 10⁻⁴, so there is one way to write them.
/// </summary>
public sealed class BasinDelta
{
    /// <summary>The largest delta, in bytes.</summary>
    public const int MaxBytes = 512;

    /// <summary>The most factors of a delta: those that change most.</summary>
    public const int MaxFactors = 10;

    /// <summary>The most claims of a delta.</summary>
    public const int MaxClaims = 2;

    /// <summary>What a coordinate is counted in, in units of Fisher–Rao distance.</summary>
    public const double Unit = 1e-4;

    /// <summary>The largest coordinate, in units.</summary>
    internal const int MaxUnits = 999_999;

    private string? _address;

    internal BasinDelta(string author, string basedOn, ImmutableArray<string> claims, long experiments, double[] tangent, uint factors, byte[] bytes)
    {
        (Author, Base, Claims, Experiments, Tangent, CarriedFactors, Bytes) = (author, basedOn, claims, experiments, tangent, factors, bytes);
        Digest = SHA256.HashData(bytes);
    }

    /// <summary>The id of the author's key.</summary>
    public string Author { get; }

    /// <summary>The address of the packet at whose point the vector is.</summary>
    public string Base { get; }

    /// <summary>The claims that it rests on: 1 to 32 letters, digits, <c>-</c>, <c>_</c>, <c>.</c> and <c>:</c> each.</summary>
    public ImmutableArray<string> Claims { get; }

    /// <summary>How many experiments are behind it, as its author says.</summary>
    public long Experiments { get; }

    /// <summary>The canonical bytes.</summary>
    public ReadOnlyMemory<byte> Bytes { get; }

    /// <summary>SHA-256 of <see cref="Bytes"/>, 64 lower-case hexadecimal digits.</summary>
    public string Address => _address ??= Convert.ToHexStringLower(Digest);

    /// <summary>The vector's coordinates, <see cref="BasinSpace.Dimension"/> of them; factors that the delta does not carry are 0.</summary>
    public ReadOnlyMemory<double> Tangent { get; }

    /// <summary>How many factors it carries.</summary>
    public uint CarriedFactors { get; }

    internal byte[] Digest { get; }

    /// <summary>A delta of a tangent vector: its factors by how much they change, as many as fit. The rest is dropped; the next delta can bring it.</summary>
    /// <param name="author">The id of the author's key.</param>
    /// <param name="basedOn">The packet at whose point the vector is.</param>
    /// <param name="space">The packet's space.</param>
    /// <param name="claims">At most <see cref="MaxClaims"/> claims that it rests on.</param>
    /// <param name="experiments">How many experiments are behind it.</param>
    /// <param name="tangent">The vector.</param>
    /// <exception cref="ArgumentException">An argument is out of range; the message says which.</exception>
    public static BasinDelta Create(string author, BasinPacket basedOn, BasinSpace space, ImmutableArray<string> claims, long experiments, ReadOnlySpan<double> tangent)
    {
        if (!BasinNames.IsKeyId(author)) throw new ArgumentException($"'{author}' is no id of a key", nameof(author));
        if (claims.Length > MaxClaims || !claims.All(BasinNames.IsClaim)) throw new ArgumentException($"at most {MaxClaims} claims of 1 to {BasinNames.MaxClaim} plain characters are wanted", nameof(claims));
        if (experiments is < 0 or > BasinRecord.MaxCount) throw new ArgumentException("the experiments are out of range", nameof(experiments));
        if (tangent.Length != space.Dimension || !TensorPrimitives.IsFiniteAll(tangent)) throw new ArgumentException($"{space.Dimension} finite coordinates are wanted", nameof(tangent));
        var text = new StringBuilder(MaxBytes)
            .Append("{\"author\":\"").Append(author).Append("\",\"base\":\"").Append(basedOn.Address).Append("\",\"claims\":[")
            .AppendJoin(',', claims.Select(claim => $"\"{claim}\"")).Append("],\"experiments\":").Append(experiments).Append(",\"factors\":[");
        text.AppendJoin(',', Carried(space, tangent, MaxBytes - text.Length - 2)).Append("]}");
        return Read(Encoding.ASCII.GetBytes(text.ToString()), space);
    }

    /// <summary>Reads a delta from anybody.</summary>
    /// <param name="bytes">What came; copied.</param>
    /// <param name="space">The space that it should be of.</param>
    /// <exception cref="BasinRefusedException">It is no delta of this space; the message says why.</exception>
    public static BasinDelta Read(ReadOnlySpan<byte> bytes, BasinSpace space) => DeltaReader.Read(bytes, space);

    private static IEnumerable<string> Carried(BasinSpace space, ReadOnlySpan<double> tangent, int room)
    {
        var (norms, texts) = (new double[space.Count], new string[space.Count]);
        for (var i = 0; i < space.Count; i++)
        {
            var part = tangent[space.Part(i)];
            norms[i] = TensorPrimitives.Norm(part);
            texts[i] = Text(i, part, out var isNothing);
            if (isNothing) norms[i] = 0;
        }

        var carried = new SortedDictionary<int, string>();
        foreach (var i in Enumerable.Range(0, space.Count).Where(i => norms[i] > 0).OrderByDescending(i => norms[i]).ThenBy(i => i))
        {
            if (carried.Count == MaxFactors) break;
            if (texts[i].Length + 1 > room) continue;
            carried.Add(i, texts[i]);
            room -= texts[i].Length + 1;
        }

        return carried.Values;
    }

    private static string Text(int factor, ReadOnlySpan<double> part, out bool isNothing)
    {
        var text = new StringBuilder().Append('[').Append(factor);
        isNothing = true;
        foreach (var coordinate in part)
        {
            var units = (int)Math.Clamp(Math.Round(coordinate / Unit), -MaxUnits, MaxUnits);
            isNothing &= units == 0;
            text.Append(',').Append(units);
        }

        return text.Append(']').ToString();
    }
}
