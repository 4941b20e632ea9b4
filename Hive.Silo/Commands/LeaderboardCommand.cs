using System.Collections.Immutable;
using System.CommandLine;
using System.Globalization;
using Hive.Leaderboards;
using Hive.Silo.Display;
using Hive.Silo.Hosting;

namespace Hive.Silo.Commands;

/// <summary><c>hive leaderboard …</c>: look at what the agents of a hive have found, and carry it to another hive.</summary>
internal static class LeaderboardCommand
{
    private const string Description = """
        Show, export and merge leaderboards: what the agents of a hive have found, domain by domain.

        Two hives become of one mind by a file:   hive leaderboard export ml ml.board     on the one,
                                                  hive leaderboard merge ml.board         on the other.
        A file may be merged as often as one likes, in any order; what is known already changes nothing.
        Results of other data have another fingerprint and a leaderboard of their own.
        """;

    public static Command Create(CommandConsole console) => new("leaderboard", Description)
    {
        Show(console),
        Export(console),
        Merge(console),
    };

    private static Command Show(CommandConsole console)
    {
        var domain = new Argument<string?>("domain") { Description = "The domain, such as ml; without it all leaderboards are listed.", Arity = ArgumentArity.ZeroOrOne };
        var top = new Option<int>("--top") { Description = "How many agents, from 1 to 1,000.", DefaultValueFactory = _ => 20, HelpName = "N" };
        var (fingerprint, json, data) = (Fingerprint(), CommonOptions.Json(), CommonOptions.Data());
        var command = new Command("show", "Show the best agents of a domain, or list the leaderboards there are.") { domain, top, fingerprint, json, data };
        command.SetAction(async (arguments, cancellation) =>
        {
            var most = arguments.GetValue(top);
            if (most is < 1 or > 1_000) throw new BadInputException($"--top is {most}; it must be from 1 to 1,000");
            await using var silo = await StartAsync(arguments.GetValue(data)!, cancellation);
            if (arguments.GetValue(domain) is not { } named)
            {
                var boards = await Index(silo).ListAsync().WaitAsync(cancellation);
                console.Output.WriteLine(arguments.GetValue(json) ? LeaderboardText.Json(boards) : string.Join(Environment.NewLine, boards.Select(LeaderboardText.Of)));
                return ExitCode.Done;
            }

            var board = await FindAsync(silo, named, arguments.GetValue(fingerprint));
            var page = await Grain(silo, board).TopAsync(most).WaitAsync(cancellation);
            console.Output.WriteLine(arguments.GetValue(json) ? LeaderboardText.Json(page) : LeaderboardText.Of(page));
            return ExitCode.Done;
        });
        return command;
    }

    private static Command Export(CommandConsole console)
    {
        var domain = new Argument<string>("domain") { Description = "The domain, such as ml." };
        var file = new Argument<string>("file") { Description = "The file to write; one that is there is replaced." };
        var (fingerprint, json, data) = (Fingerprint(), CommonOptions.Json(), CommonOptions.Data());
        var command = new Command("export", "Write a whole leaderboard into a file, to be merged by another hive.") { domain, file, fingerprint, json, data };
        command.SetAction(async (arguments, cancellation) =>
        {
            await using var silo = await StartAsync(arguments.GetValue(data)!, cancellation);
            var board = await FindAsync(silo, arguments.GetRequiredValue(domain), arguments.GetValue(fingerprint));
            var whole = await Grain(silo, board).ReadAsync().WaitAsync(cancellation);
            Write(arguments.GetRequiredValue(file), whole);
            console.Output.WriteLine(arguments.GetValue(json)
                ? JsonText.Of(writer =>
                {
                    writer.WriteStartObject();
                    writer.WriteString("domain", board.Domain);
                    writer.WriteString("fingerprint", board.Fingerprint);
                    writer.WriteString("file", arguments.GetRequiredValue(file));
                    writer.WriteNumber("bytes", whole.Length);
                    writer.WriteEndObject();
                })
                : string.Create(CultureInfo.InvariantCulture, $"{arguments.GetRequiredValue(file)}: {whole.Length:N0} bytes"));
            return ExitCode.Done;
        });
        return command;
    }

    private static Command Merge(CommandConsole console)
    {
        var file = new Argument<string>("file") { Description = "A file that hive leaderboard export wrote." };
        var (json, data) = (CommonOptions.Json(), CommonOptions.Data());
        var command = new Command("merge", "Take in what another hive has found. Whatever is merged twice counts once.") { file, json, data };
        command.SetAction(async (arguments, cancellation) =>
        {
            var (bytes, delta) = Read(arguments.GetRequiredValue(file));
            var board = new LeaderboardSummary(delta.Key.Domain, delta.Key.Fingerprint, delta.Key.Direction.ToString().ToLowerInvariant());
            await using var silo = await StartAsync(arguments.GetValue(data)!, cancellation);
            var isChanged = await Grain(silo, board).MergeAsync([.. bytes]).WaitAsync(cancellation);
            var page = await Grain(silo, board).TopAsync(1).WaitAsync(cancellation);
            console.Output.WriteLine(arguments.GetValue(json)
                ? JsonText.Of(writer =>
                {
                    writer.WriteStartObject();
                    writer.WriteString("domain", board.Domain);
                    writer.WriteString("fingerprint", board.Fingerprint);
                    writer.WriteBoolean("changed", isChanged);
                    writer.WriteNumber("agents", page.Agents);
                    writer.WriteNumber("experiments", page.Experiments);
                    writer.WriteEndObject();
                })
                : string.Create(CultureInfo.InvariantCulture, $"{board.Domain}: {(isChanged ? "merged" : "nothing new")}; {page.Experiments:N0} experiments by {page.Agents:N0} agents"));
            return ExitCode.Done;
        });
        return command;
    }

    private static Option<string?> Fingerprint() => new("--fingerprint")
    {
        Description = "Which data, where a domain has leaderboards of several: enough of the fingerprint's beginning.",
        HelpName = "HEX",
    };

    private static Task<RunningSilo> StartAsync(string data, CancellationToken cancellation) =>
        RunningSilo.StartAsync(options => (options.Database, options.ResumeGoals) = (data, false), cancellation);

    private static ILeaderboardIndexGrain Index(RunningSilo silo) => silo.Grains.GetGrain<ILeaderboardIndexGrain>(ILeaderboardIndexGrain.Key);

    private static ILeaderboardGrain Grain(RunningSilo silo, LeaderboardSummary board) => silo.Grains.GetGrain<ILeaderboardGrain>(board.GrainKey);

    private static async Task<LeaderboardSummary> FindAsync(RunningSilo silo, string domain, string? fingerprint)
    {
        var boards = (await Index(silo).ListAsync()).Where(board => board.Domain == domain).ToArray();
        var meant = boards.Where(board => board.Fingerprint.StartsWith(fingerprint ?? "", StringComparison.Ordinal)).ToArray();
        return (boards, meant) switch
        {
            ([], _) => throw new BadInputException($"there is no leaderboard of '{domain}'; hive leaderboard show lists those there are"),
            (_, [var only]) => only,
            (_, []) => throw new BadInputException($"no leaderboard of '{domain}' has a fingerprint that begins with {fingerprint}; there are {Choices(boards)}"),
            _ => throw new BadInputException($"'{domain}' has leaderboards of several data; say which with --fingerprint: {Choices(meant)}"),
        };
    }

    private static string Choices(LeaderboardSummary[] boards) => string.Join(", ", boards.Take(5).Select(board => board.Fingerprint[..12])) + (boards.Length > 5 ? ", …" : "");

    private static (byte[] Bytes, LeaderboardDelta Delta) Read(string file)
    {
        try
        {
            var length = new FileInfo(file).Length;
            if (length > LeaderboardDelta.MaxBytes) throw new BadInputException($"{file} has {length:N0} bytes; a leaderboard has at most {LeaderboardDelta.MaxBytes:N0}");
            var bytes = File.ReadAllBytes(file);
            return (bytes, LeaderboardDelta.Parse(bytes));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or FormatException)
        {
            throw new BadInputException($"{file}: {e.Message}");
        }
    }

    private static void Write(string file, ImmutableArray<byte> whole)
    {
        try
        {
            // Written beside and moved, so that a crash leaves either the old file or the new one.
            var beside = $"{file}.new";
            File.WriteAllBytes(beside, [.. whole]);
            File.Move(beside, file, overwrite: true);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new BadInputException($"{file} cannot be written: {e.Message}");
        }
    }
}
