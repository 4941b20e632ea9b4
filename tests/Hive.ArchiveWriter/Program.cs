using Hive.Archive;
using Hive.ArchiveWriter;

// A process to be killed: it archives a campaign for ever, and says of each round that is safe that it is. The argument is the archive's directory.
await using var archive = await ResearchArchive.OpenAsync(args[0], null, CancellationToken.None);
for (var round = 1; ; round++)
{
    await Campaign.AddRoundAsync(archive, round);
    if (round % 7 == 0)
    {
        await archive.CheckpointAsync(CancellationToken.None);
        Console.Out.WriteLine(round);
    }
}
