using System.Text;
using Hive.Basins;
using Hive.Research;
using Hive.Silo.Commands;
using Hive.Swarm;

namespace Hive.Silo.Research;

/// <summary>A basin packet that the user gives: whatever is not exactly a packet of the domain, or bears a signature that is not trusted, is refused before anything begins.</summary>
internal static class GivenBasin
{
    /// <summary>Reads a packet and, where there is one beside it, its signature.</summary>
    /// <param name="file">The packet; its signature is <c>FILE.sig</c>.</param>
    /// <param name="domain">The domain that it must be of.</param>
    /// <param name="data">Where the keys lie that are trusted.</param>
    /// <returns>The packet's canonical text.</returns>
    /// <exception cref="BadInputException">It is refused; the message says why.</exception>
    public static string Read(string file, IResearchDomain domain, string data)
    {
        if (!File.Exists(file)) throw new BadInputException($"{file}: there is no such basin");
        if (new FileInfo(file).Length > BasinPacket.MaxBytes) throw new BadInputException($"{file}: a basin has at most {BasinPacket.MaxBytes:N0} bytes; this is no packet, or it was added to");
        var packet = BasinFiles.Read(file).Packet;
        _ = BasinFiles.Trust(file, packet, data);
        var name = CanonicalBasin.NameOf(domain);
        if (packet.Record.Domain != name) throw new BadInputException($"{file}: this basin is of the domain '{packet.Record.Domain}', not of '{name}'");
        if (packet.Record.Fingerprint != domain.Fingerprint) throw new BadInputException($"{file}: this basin was learnt on other data, or with another budget, than '{name}' has here; give the same data and work");
        try
        {
            _ = packet.PointIn(new BasinSpace(domain.Space));
        }
        catch (BasinRefusedException e)
        {
            throw new BadInputException($"{file}: {e.Message}");
        }

        return Encoding.UTF8.GetString(packet.Bytes.Span);
    }
}
