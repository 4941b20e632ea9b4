using System.CommandLine;
using Hive.Basins;
using Hive.Silo.Display;
using Hive.Silo.Hosting;

namespace Hive.Silo.Commands;

/// <summary><c>hive basin …</c>: look at what was learnt, and move it between hives.</summary>
internal static class BasinCommand
{
    private const string Description = """
        Look at and move basins: a few kilobytes that carry what a swarm has learnt about a research domain.

        A basin is named by its domain (ml), by a branch of it (ml/deep), or by a file that  hive basin export  wrote.
          hive basin show ml                    what it prefers, as bars
          hive basin export ml ml.basin         packet, signature and space, to give to another hive
          hive basin import ml.basin --branch guest && hive basin merge ml guest
        docs/basins.md tells what the numbers mean.
        """;

    public static Command Create(CommandConsole console) => new("basin", Description)
    {
        Show(console),
        Verify(console),
        Log(console),
        Diff(console),
        Fork(console),
        Merge(console),
        Export(console),
        Import(console),
    };

    private static Command Show(CommandConsole console)
    {
        var (basin, json, data) = (Basin("basin"), CommonOptions.Json(), CommonOptions.Data());
        var command = new Command("show", "Draw a basin's distributions: a bar for each way, the middle and spread of each number.") { basin, json, data };
        command.SetAction(async (arguments, cancellation) =>
        {
            var shown = await new BasinSource(arguments.GetValue(data)!).FindAsync(arguments.GetRequiredValue(basin), cancellation);
            console.Output.WriteLine(arguments.GetValue(json) ? BasinText.Json(shown) : BasinText.Of(shown));
            return ExitCode.Done;
        });
        return command;
    }

    private static Command Verify(CommandConsole console)
    {
        var (basin, json, data) = (Basin("basin"), CommonOptions.Json(), CommonOptions.Data());
        var command = new Command("verify", "Hold a basin against its address and, for a file, its signature; for a domain, every ancestor that is kept.") { basin, json, data };
        command.SetAction(async (arguments, cancellation) =>
        {
            var (named, folder) = (arguments.GetRequiredValue(basin), arguments.GetValue(data)!);
            var verified = File.Exists(named) ? VerifyFile(named, folder) : await VerifyBranchAsync(named, folder, cancellation);
            if (verified.Fault is { } fault) return console.Failed(fault);
            console.Output.WriteLine(arguments.GetValue(json) ? BasinText.Json(verified) : BasinText.Of(verified));
            return ExitCode.Done;
        });
        return command;
    }

    private static Command Log(CommandConsole console)
    {
        var (basin, json, data) = (Branch(), CommonOptions.Json(), CommonOptions.Data());
        var most = new Option<int>("--most") { Description = "How many packets to list.", DefaultValueFactory = _ => 20, HelpName = "N" };
        var command = new Command("log", "List a basin and its ancestors, the newest first.") { basin, most, json, data };
        command.SetAction((arguments, cancellation) => InHiveAsync(arguments.GetValue(data)!, arguments.GetRequiredValue(basin), cancellation, async (grain, name) =>
        {
            var log = (await grain.GetLogAsync(name.Branch, arguments.GetValue(most))).Select(bytes => BasinPacket.Read(bytes)).ToArray();
            console.Output.WriteLine(arguments.GetValue(json) ? BasinText.Json(log) : BasinText.Of(log));
            return ExitCode.Done;
        }));
        return command;
    }

    private static Command Diff(CommandConsole console)
    {
        var (from, to, json, data) = (Basin("from"), Basin("to"), CommonOptions.Json(), CommonOptions.Data());
        var command = new Command("diff", "Tell how far apart two basins are (Fisher-Rao distance), and in which choices most.") { from, to, json, data };
        command.SetAction(async (arguments, cancellation) =>
        {
            var source = new BasinSource(arguments.GetValue(data)!);
            var one = await source.FindAsync(arguments.GetRequiredValue(from), cancellation);
            var other = await source.FindAsync(arguments.GetRequiredValue(to), cancellation);
            if (one.Packet.Space != other.Packet.Space) throw new BadInputException("the two basins are of different spaces, so no distance joins them");
            console.Output.WriteLine(arguments.GetValue(json) ? BasinText.DiffJson(one, other) : BasinText.Diff(one, other));
            return ExitCode.Done;
        });
        return command;
    }

    private static Command Fork(CommandConsole console)
    {
        var (basin, json, data) = (Branch(), CommonOptions.Json(), CommonOptions.Data());
        var name = new Argument<string>("name") { Description = "The new branch: 1 to 40 letters, digits, '-' and '_'." };
        var command = new Command("fork", "Begin a branch where a basin is, to specialise.") { basin, name, json, data };
        command.SetAction((arguments, cancellation) => InHiveAsync(arguments.GetValue(data)!, arguments.GetRequiredValue(basin), cancellation, async (grain, from) =>
            Print(console, arguments.GetValue(json), await grain.ForkAsync(from.Branch, arguments.GetRequiredValue(name)), $"{from.Domain}/{arguments.GetRequiredValue(name)}")));
        return command;
    }

    private static Command Merge(CommandConsole console)
    {
        var (basin, json, data) = (Branch(), CommonOptions.Json(), CommonOptions.Data());
        var from = new Argument<string>("from") { Description = "The branch to bring back; it stays." };
        var command = new Command("merge", "Merge a branch into a basin, relative to their common ancestor.") { basin, from, json, data };
        command.SetAction((arguments, cancellation) => InHiveAsync(arguments.GetValue(data)!, arguments.GetRequiredValue(basin), cancellation, async (grain, into) =>
            Print(console, arguments.GetValue(json), await grain.MergeBackAsync(arguments.GetRequiredValue(from), into.Branch), $"{into.Domain}/{into.Branch}")));
        return command;
    }

    private static Command Export(CommandConsole console)
    {
        var (basin, json, data) = (Basin("basin"), CommonOptions.Json(), CommonOptions.Data());
        var file = new Argument<string>("file") { Description = "Where to write the packet; FILE.sig gets its signature, FILE.space its techniques." };
        var command = new Command("export", "Write a basin to a file, signed with this hive's key (basin-key.pem in the data folder).") { basin, file, json, data };
        command.SetAction(async (arguments, cancellation) =>
        {
            var folder = arguments.GetValue(data)!;
            var found = await new BasinSource(folder).FindAsync(arguments.GetRequiredValue(basin), cancellation);
            BasinFiles.Write(arguments.GetRequiredValue(file), found, folder);
            return Print(console, arguments.GetValue(json), found.Packet.Address, arguments.GetRequiredValue(file));
        });
        return command;
    }

    private static Command Import(CommandConsole console)
    {
        var (json, data) = (CommonOptions.Json(), CommonOptions.Data());
        var file = new Argument<string>("file") { Description = "A packet that hive basin export wrote." };
        var branch = new Option<string>("--branch") { Description = "The branch that it becomes.", DefaultValueFactory = _ => "guest", HelpName = "NAME" };
        var unsigned = new Option<bool>("--unsigned") { Description = "Take a packet that has no signature beside it. One that is signed by a stranger is refused all the same." };
        var command = new Command("import", "Take a basin in as a branch. Its signature must be this hive's or of a key in trusted-keys.json in the data folder.") { file, branch, unsigned, json, data };
        command.SetAction(async (arguments, cancellation) =>
        {
            var (path, folder) = (arguments.GetRequiredValue(file), arguments.GetValue(data)!);
            var basin = BasinFiles.Read(path);
            if (BasinFiles.Trust(path, basin.Packet, folder) is null && !arguments.GetValue(unsigned))
            {
                throw new BadInputException($"there is no signature {path}.sig; ask for it, or take the packet unsigned with --unsigned");
            }

            return await InHiveAsync(folder, basin.Packet.Record.Domain, cancellation, async (grain, name) =>
            {
                if (basin.Space is { } space) await grain.FoundAsync(BasinSpaceText.Write(space), basin.Packet.Record.Fingerprint);
                var answer = await grain.ImportAsync(basin.Packet.Bytes.ToArray(), arguments.GetValue(branch)!);
                if (answer.Refusal is { } refusal) throw new BadInputException($"{path}: {refusal}");
                return Print(console, arguments.GetValue(json), answer.Address, $"{name.Domain}/{arguments.GetValue(branch)}");
            });
        });
        return command;
    }

    private static Argument<string> Basin(string name) => new(name) { Description = "A basin: DOMAIN, DOMAIN/BRANCH or FILE." };

    private static Argument<string> Branch() => new("basin") { Description = "A basin: DOMAIN or DOMAIN/BRANCH." };

    private static int Print(CommandConsole console, bool json, string address, string basin)
    {
        console.Output.WriteLine(json ? BasinText.AddressJson(address, basin) : $"{address}  {basin}");
        return ExitCode.Done;
    }

    private static BasinVerified VerifyFile(string file, string data)
    {
        var packet = BasinFiles.Read(file).Packet;
        return BasinFiles.Trust(file, packet, data) is null
            ? throw new BadInputException($"{file} is the packet {packet.Address}, but there is no signature {file}.sig, so nobody answers for it")
            : new BasinVerified(1, [.. packet.Record.Parents], Fault: null);
    }

    private static async Task<BasinVerified> VerifyBranchAsync(string named, string data, CancellationToken cancellation)
    {
        BasinVerified? verified = null;
        await InHiveAsync(data, named, cancellation, async (grain, name) =>
        {
            verified = await grain.VerifyAsync(name.Branch);
            return ExitCode.Done;
        });
        return verified!;
    }

    private static Task<int> InHiveAsync(string data, string named, CancellationToken cancellation, Func<IBasinGrain, (string Domain, string Branch), Task<int>> work) =>
        BasinSource.InHiveAsync(data, named, cancellation, work);
}
