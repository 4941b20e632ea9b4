using Hive.Basins;
using Hive.Silo.Hosting;

namespace Hive.Silo.Commands;

/// <summary>Finds basins by what users call them: a file, a domain, or a branch of one.</summary>
internal sealed class BasinSource(string data)
{
    /// <summary>The basin of a name.</summary>
    public async Task<NamedBasin> FindAsync(string named, CancellationToken cancellation)
    {
        if (File.Exists(named)) return BasinFiles.Read(named);
        NamedBasin? found = null;
        await InHiveAsync(data, named, cancellation, async (grain, name) =>
        {
            var space = BasinSpaceText.Read((await grain.GetStatusAsync()).Space);
            found = new NamedBasin(BasinPacket.Read(await grain.GetPacketAsync(name.Branch)), space);
            return ExitCode.Done;
        });
        return found!;
    }

    /// <summary>Works with a domain's grain in a silo of this process.</summary>
    public static async Task<int> InHiveAsync(string data, string named, CancellationToken cancellation, Func<IBasinGrain, (string Domain, string Branch), Task<int>> work)
    {
        var parts = named.Split('/', 2);
        var name = (Domain: parts[0], Branch: parts.Length > 1 ? parts[1] : BasinBranch.Canonical);
        await using var silo = await RunningSilo.StartAsync(options => (options.Database, options.ResumeGoals) = (data, false), cancellation);
        try
        {
            return await work(silo.Grains.GetGrain<IBasinGrain>(name.Domain), name);
        }
        catch (InvalidDataException e)
        {
            throw new BadInputException(e.Message);
        }
    }
}
