using System.CommandLine;
using Hive.Brains;
using Hive.Brains.Configuration;

namespace Hive.Silo.Commands;

/// <summary>What commands that need brains are told of them.</summary>
internal static class BrainArguments
{
    public static Option<string?> Config() => new("--config") { Description = "The file that lists brains; without it hive.json of this folder, if there is one.", HelpName = "FILE" };

    /// <summary>Opens the brains of a file and of this machine.</summary>
    /// <param name="config">The file that was named, if one was.</param>
    /// <param name="cancellation">Ends the search for local servers.</param>
    /// <exception cref="BadInputException">The file is wrong.</exception>
    public static async Task<BrainPool> OpenAsync(string? config, CancellationToken cancellation)
    {
        try
        {
            return await BrainPool.OpenAsync(BrainsFile.Find(config, Directory.GetCurrentDirectory()), TimeProvider.System, loggers: null, cancellation);
        }
        catch (BrainsFileException e)
        {
            throw new BadInputException(e.Message);
        }
    }
}
