using System.Collections.Immutable;
using System.Text.Json;

namespace Hive.Basins;

/// <summary>Reads packets from strangers: whatever is not exactly a packet is refused, with one reason.</summary>
internal static class BasinPacketReader
{
    private const int MaxFactors = 64 + BasinSpace.MaxAssociations;
    private const int MaxWays = 32;

    private static readonly string[] Members = ["author", "created", "domain", "experiments", "factors", "fingerprint", "fitness", "format", "parents", "space", "uses"];

    public static BasinPacket Read(ReadOnlyMemory<byte> given)
    {
        if (given.Length > BasinPacket.MaxBytes) throw new BasinRefusedException(RefusalReason.Oversized, $"a basin has at most {BasinPacket.MaxBytes:N0} bytes; this has {given.Length:N0}");
        var bytes = given.ToArray();
        RequireCanonical(bytes);
        using var document = JsonDocument.Parse(bytes);
        return Read(document.RootElement, bytes);
    }

    private static void RequireCanonical(byte[] bytes)
    {
        byte[] canonical;
        try
        {
            canonical = CanonicalJson.Canonicalize(bytes);
        }
        catch (FormatException e)
        {
            throw new BasinRefusedException(RefusalReason.NotJson, $"{e.Message} Was it cut off? It has {bytes.Length:N0} bytes.");
        }

        var same = bytes.AsSpan().CommonPrefixLength(canonical);
        if (same != bytes.Length || same != canonical.Length)
        {
            throw new BasinRefusedException(RefusalReason.NotCanonical, $"this is not in the canonical form of RFC 8785; it departs from it at byte {same}. Its address would be that of other bytes");
        }
    }

    private static BasinPacket Read(JsonElement root, byte[] bytes)
    {
        if (root.ValueKind != JsonValueKind.Object) throw Malformed("a basin is a JSON object");
        var names = root.EnumerateObject().Select(member => member.Name).ToArray();
        if (Members.Except(names).FirstOrDefault() is { } missing) throw Malformed($"the member '{missing}' is missing");
        if (names.Except(Members).FirstOrDefault() is { } unknown) throw Malformed($"there is no member '{unknown}' in a basin");
        if (Text(root, "format") is var format && format != BasinPacket.Format) throw Malformed($"the format is '{format}'; this reads '{BasinPacket.Format}'");
        var record = new BasinRecord(
            Text(root, "domain"),
            Text(root, "fingerprint"),
            [.. Items(root, "parents", BasinRecord.MaxParents).Select(parent => parent.ValueKind == JsonValueKind.String ? parent.GetString()! : throw Malformed("a parent is a string"))],
            Count(root, "experiments"),
            Number(root.GetProperty("fitness"), "fitness"),
            Count(root, "uses"),
            Text(root, "author"),
            Count(root, "created"));
        if (record.Mistake() is { } mistake) throw Malformed(mistake);
        var space = Text(root, "space");
        if (!BasinNames.IsAddress(space)) throw Malformed("'space' is not 64 lower-case hexadecimal digits");
        var factors = Items(root, "factors", MaxFactors).Select(Factor).ToImmutableArray();
        return new BasinPacket(record, space, factors, bytes);
    }

    private static BasinFactor Factor(JsonElement element, int index)
    {
        var at = $"factors[{index}]";
        try
        {
            return element.ValueKind switch
            {
                JsonValueKind.Array when element.GetArrayLength() <= MaxWays => new SimplexFactor([.. element.EnumerateArray().Select(probability => Number(probability, at))]),
                JsonValueKind.Object => Gaussian(element, at),
                JsonValueKind.Number => new AssociationFactor(Number(element, at)),
                _ => throw Malformed($"{at} is no factor: [p, …] of 2 to {MaxWays} ways, {{\"m\": μ, \"s\": σ}} or r"),
            };
        }
        catch (ArgumentException e)
        {
            throw new BasinRefusedException(RefusalReason.NoDistribution, $"{at}: {e.Message}");
        }
    }

    private static GaussianFactor Gaussian(JsonElement element, string at)
    {
        if (element.EnumerateObject().Count() != 2 || !element.TryGetProperty("m", out var center) || !element.TryGetProperty("s", out var deviation))
        {
            throw Malformed($"{at} has other members than 'm' and 's'");
        }

        var (m, s) = (Number(center, at), Number(deviation, at));
        return m is >= 0 and <= 1 && s is >= GaussianFactor.LeastDeviation and <= GaussianFactor.MostDeviation
            ? new GaussianFactor(m, s)
            : throw new BasinRefusedException(RefusalReason.NoDistribution, $"{at}: m is from 0 to 1 and s from {GaussianFactor.LeastDeviation} to {GaussianFactor.MostDeviation}, not {m:R} and {s:R}");
    }

    private static IEnumerable<JsonElement> Items(JsonElement root, string name, int most)
    {
        var array = root.GetProperty(name);
        return array.ValueKind == JsonValueKind.Array && array.GetArrayLength() <= most ? array.EnumerateArray() : throw Malformed($"'{name}' is not an array of at most {most} items");
    }

    private static string Text(JsonElement root, string name) =>
        root.GetProperty(name) is { ValueKind: JsonValueKind.String } text ? text.GetString()! : throw Malformed($"'{name}' is not a string");

    private static long Count(JsonElement root, string name) =>
        root.GetProperty(name) is { ValueKind: JsonValueKind.Number } number && number.TryGetInt64(out var count) ? count : throw Malformed($"'{name}' is not a whole number");

    private static double Number(JsonElement element, string at) =>
        element.ValueKind == JsonValueKind.Number ? element.GetDouble() : throw Malformed($"{at}: this is not a number");

    private static BasinRefusedException Malformed(string message) => new(RefusalReason.Malformed, message);
}
