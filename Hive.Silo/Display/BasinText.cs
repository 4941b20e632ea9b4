using System.Globalization;
using System.Numerics.Tensors;
using System.Text;
using System.Text.Json;
using Hive.Basins;
using Hive.Research;
using Hive.Silo.Commands;

namespace Hive.Silo.Display;

/// <summary>Basins as text with bars, and as JSON.</summary>
internal static class BasinText
{
    private const int BarWidth = 32;

    public static string Of(NamedBasin basin)
    {
        var record = basin.Packet.Record;
        var text = new StringBuilder();
        text.AppendLine(CultureInfo.InvariantCulture, $"{record.Domain}  {record.Experiments:N0} experiments, beta {Temperature.Beta(record.Experiments):F2}, fitness {record.Fitness:G4} over {record.Uses:N0} uses");
        text.AppendLine(CultureInfo.InvariantCulture, $"{basin.Packet.Address}  {basin.Packet.Bytes.Length:N0} bytes");
        for (var i = 0; i < basin.Packet.Factors.Length; i++) Append(text, basin, i);
        return text.ToString().TrimEnd();
    }

    public static string Of(BasinVerified verified) =>
        $"{verified.Verified} verified" + (verified.Beyond.Length == 0 ? "" : $"; {verified.Beyond.Length} ancestors are not kept here: {string.Join(", ", verified.Beyond.Select(address => address[..12]))}");

    public static string Of(IEnumerable<BasinPacket> log) => string.Join(
        Environment.NewLine,
        log.Select(packet => string.Create(
            CultureInfo.InvariantCulture,
            $"{packet.Address[..12]}  {DateTimeOffset.FromUnixTimeMilliseconds(packet.Record.Created):yyyy-MM-dd HH:mm:ss}  {packet.Record.Experiments,10:N0} experiments  from {Parents(packet)}")));

    public static string Diff(NamedBasin from, NamedBasin to)
    {
        var text = new StringBuilder();
        var distances = Distances(from, to);
        text.AppendLine(CultureInfo.InvariantCulture, $"distance {TensorPrimitives.Norm<double>(distances):F4}");
        foreach (var i in Enumerable.Range(0, distances.Length).Where(i => distances[i] > 0).OrderByDescending(i => distances[i]))
        {
            text.AppendLine(CultureInfo.InvariantCulture, $"{distances[i],8:F4}  {Name(from, i)}: {Short(from, i)} -> {Short(to, i)}");
        }

        return text.ToString().TrimEnd();
    }

    public static string DiffJson(NamedBasin from, NamedBasin to) => JsonText.Of(writer =>
    {
        var distances = Distances(from, to);
        writer.WriteStartObject();
        writer.WriteString("from", from.Packet.Address);
        writer.WriteString("to", to.Packet.Address);
        writer.WriteNumber("distance", TensorPrimitives.Norm<double>(distances));
        writer.WriteStartObject("factors");
        for (var i = 0; i < distances.Length; i++) writer.WriteNumber(Name(from, i), distances[i]);
        writer.WriteEndObject();
        writer.WriteEndObject();
    });

    public static string AddressJson(string address, string basin) => JsonText.Of(writer =>
    {
        writer.WriteStartObject();
        writer.WriteString("address", address);
        writer.WriteString("basin", basin);
        writer.WriteEndObject();
    });

    public static string Json(BasinVerified verified) => JsonText.Of(writer =>
    {
        writer.WriteStartObject();
        writer.WriteNumber("verified", verified.Verified);
        writer.WriteStartArray("beyond");
        foreach (var address in verified.Beyond) writer.WriteStringValue(address);
        writer.WriteEndArray();
        writer.WriteEndObject();
    });

    public static string Json(IEnumerable<BasinPacket> log) => JsonText.Of(writer =>
    {
        writer.WriteStartObject();
        writer.WriteStartArray("packets");
        foreach (var packet in log)
        {
            writer.WriteStartObject();
            WriteRecord(writer, packet);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
        writer.WriteEndObject();
    });

    public static string Json(NamedBasin basin) => JsonText.Of(writer =>
    {
        writer.WriteStartObject();
        WriteRecord(writer, basin.Packet);
        writer.WriteNumber("bytes", basin.Packet.Bytes.Length);
        writer.WriteNumber("beta", Temperature.Beta(basin.Packet.Record.Experiments));
        writer.WriteNumber("entropy", basin.Packet.Factors.Sum(factor => factor.Entropy));
        writer.WriteStartObject("factors");
        for (var i = 0; i < basin.Packet.Factors.Length; i++) WriteFactor(writer, basin, i);
        writer.WriteEndObject();
        writer.WriteEndObject();
    });

    private static void WriteRecord(Utf8JsonWriter writer, BasinPacket packet)
    {
        writer.WriteString("address", packet.Address);
        writer.WriteString("domain", packet.Record.Domain);
        writer.WriteString("fingerprint", packet.Record.Fingerprint);
        writer.WriteString("space", packet.Space);
        writer.WriteNumber("experiments", packet.Record.Experiments);
        writer.WriteNumber("fitness", packet.Record.Fitness);
        writer.WriteNumber("uses", packet.Record.Uses);
        writer.WriteNumber("created", packet.Record.Created);
        writer.WriteString("author", packet.Record.Author);
        writer.WriteStartArray("parents");
        foreach (var parent in packet.Record.Parents) writer.WriteStringValue(parent);
        writer.WriteEndArray();
    }

    private static void WriteFactor(Utf8JsonWriter writer, NamedBasin basin, int index)
    {
        switch (basin.Packet.Factors[index])
        {
            case SimplexFactor simplex:
                writer.WriteStartObject(Name(basin, index));
                for (var way = 0; way < simplex.Dimension; way++) writer.WriteNumber(Way(basin, index, way), simplex.Probabilities[way]);
                writer.WriteEndObject();
                break;
            case GaussianFactor gaussian:
                writer.WriteStartObject(Name(basin, index));
                writer.WriteNumber("middle", Value(basin, index, gaussian.Center));
                writer.WriteNumber("low", Value(basin, index, gaussian.Center - gaussian.Deviation));
                writer.WriteNumber("high", Value(basin, index, gaussian.Center + gaussian.Deviation));
                writer.WriteEndObject();
                break;
            case AssociationFactor association:
                writer.WriteNumber(Name(basin, index), association.Correlation);
                break;
        }
    }

    private static void Append(StringBuilder text, NamedBasin basin, int index)
    {
        text.AppendLine().AppendLine(Name(basin, index));
        switch (basin.Packet.Factors[index])
        {
            case SimplexFactor simplex:
                foreach (var way in Enumerable.Range(0, simplex.Dimension).OrderByDescending(way => simplex.Probabilities[way]))
                {
                    var probability = simplex.Probabilities[way];
                    text.AppendLine(CultureInfo.InvariantCulture, $"  {Way(basin, index, way),-24} {probability,7:P1}  {new string('█', (int)Math.Round(BarWidth * probability))}");
                }

                break;
            case GaussianFactor gaussian:
                text.AppendLine(CultureInfo.InvariantCulture, $"  {Short(basin, index),-32}  {Axis(gaussian)}");
                break;
            default:
                text.AppendLine($"  {Short(basin, index)}");
                break;
        }
    }

    /// <summary>The range from end to end, with what lies within a deviation of the middle drawn full.</summary>
    private static string Axis(GaussianFactor gaussian) => string.Concat(Enumerable.Range(0, BarWidth).Select(i =>
        Math.Abs(((i + 0.5) / BarWidth) - gaussian.Center) <= Math.Max(gaussian.Deviation, 0.5 / BarWidth) ? '█' : '·'));

    private static string Short(NamedBasin basin, int index) => basin.Packet.Factors[index] switch
    {
        SimplexFactor simplex => Likeliest(basin, index, simplex),
        GaussianFactor gaussian => string.Create(
            CultureInfo.InvariantCulture,
            $"{Value(basin, index, gaussian.Center):G4} ({Value(basin, index, gaussian.Center - gaussian.Deviation):G3} to {Value(basin, index, gaussian.Center + gaussian.Deviation):G3})"),
        AssociationFactor association => string.Create(CultureInfo.InvariantCulture, $"r = {association.Correlation:F3}"),
        _ => "",
    };

    private static string Likeliest(NamedBasin basin, int index, SimplexFactor simplex)
    {
        var way = TensorPrimitives.IndexOfMax<double>(simplex.Probabilities.AsSpan());
        return string.Create(CultureInfo.InvariantCulture, $"{Way(basin, index, way)} {simplex.Probabilities[way]:P1}");
    }

    private static double[] Distances(NamedBasin from, NamedBasin to) => [.. from.Packet.Factors.Zip(to.Packet.Factors, (one, other) => one.Distance(other))];

    private static string Name(NamedBasin basin, int index)
    {
        if (basin.Space is not { } space) return $"factor {index + 1}";
        var techniques = space.Techniques.Techniques;
        if (index < techniques.Length) return techniques[index].Name;
        var association = space.Associations[index - techniques.Length];
        return $"{End(space, association.First, association.FirstWay)} with {End(space, association.Second, association.SecondWay)}";
    }

    private static string End(BasinSpace space, int technique, int way) =>
        space.Techniques.Techniques[technique] is CategoricalTechnique categorical ? $"{categorical.Name}={categorical.Values[way]}" : space.Techniques.Techniques[technique].Name;

    private static string Way(NamedBasin basin, int index, int way) =>
        basin.Space?.Techniques.Techniques[index] is CategoricalTechnique categorical ? categorical.Values[way] : $"way {way + 1}";

    private static double Value(NamedBasin basin, int index, double coordinate)
    {
        var within = Math.Clamp(coordinate, 0, 1);
        return basin.Space is { } space ? space.Techniques.FromCoordinate(index, within) : within;
    }

    private static string Parents(BasinPacket packet) => packet.Record.Parents.IsEmpty ? "nothing" : string.Join(" and ", packet.Record.Parents.Select(parent => parent[..12]));
}
