using System.CommandLine;
using System.CommandLine.Parsing;
using Hive.Client.Grid;
using Hive.Silo.Commands;
using Hive.Swarm;

namespace Hive.Silo.Research;

/// <summary>The options of <c>hive research</c>.</summary>
internal sealed class ResearchOptions
{
    private static readonly CampaignSpec Usual = new();

    private readonly Argument<string?> _domain = new("domain") { Description = "What to research: the name of a domain, or a file that describes one of your own.", Arity = ArgumentArity.ZeroOrOne };
    private readonly Option<int> _agents = new("--agents") { Description = "How many agents.", DefaultValueFactory = _ => Usual.Agents, HelpName = "N" };
    private readonly Option<int> _experiments = new("--experiments") { Description = "How many experiments they run together.", DefaultValueFactory = _ => Usual.Experiments, HelpName = "N" };
    private readonly Option<ulong> _seed = new("--seed") { Description = "One seed, one result.", DefaultValueFactory = _ => Usual.Seed, HelpName = "N" };
    private readonly Option<int> _window = new("--window") { Description = "How many experiments may be under way at once; a part of the campaign: another window, another result.", DefaultValueFactory = _ => Usual.Window, HelpName = "N" };
    private readonly Option<bool> _isolated = new("--isolated") { Description = "Each agent sees its own results alone." };
    private readonly Option<string?> _basin = new("--basin") { Description = "Begin with what another campaign learnt: its basin packet.", HelpName = "FILE" };
    private readonly Option<string?> _archive = new("--archive") { Description = "Write a git repository of all experiments and papers there.", HelpName = "DIR" };
    private readonly Option<string?> _text = new("--text") { Description = "Use this file as the domain's data.", HelpName = "FILE" };
    private readonly Option<double?> _work = new("--work") { Description = "The budget of an experiment, as a multiple of the usual one.", HelpName = "X" };
    private readonly Option<double> _seconds = new("--timeout") { Description = "How long one experiment may take, in seconds.", DefaultValueFactory = _ => 600, HelpName = "S" };
    private readonly Option<double> _hostile = new("--hostile") { Description = "A simulation: this share of the agents lies.", DefaultValueFactory = _ => 0, HelpName = "SHARE" };
    private readonly Option<bool> _silent = new("--hostile-silent") { Description = "Those agents keep still instead: what lies are measured against." };
    private readonly Option<bool> _noDefences = new("--no-defences") { Description = "Believe everything unseen: what the defences are measured against." };
    private readonly Option<string?> _id = new("--id") { Description = "Give the campaign this id; the same command again goes on with it.", HelpName = "ID" };
    private readonly Option<string?> _resume = new("--resume") { Description = "Go on with this campaign where its log ends.", HelpName = "ID" };
    private readonly Option<bool> _compare = new("--compare") { Description = "Measure sharing against isolated agents, at equal experiments." };
    private readonly Option<bool> _transfer = new("--transfer") { Description = "Measure a fresh agent with a basin against one without." };
    private readonly Option<int> _seeds = new("--seeds") { Description = "Over how many seeds to measure.", DefaultValueFactory = _ => 10, HelpName = "N" };
    private readonly Option<bool> _json = CommonOptions.Json();
    private readonly Option<string> _data = CommonOptions.Data();
    private readonly Option<int> _cores = CommonOptions.Cores();
    private readonly GridPlace _place = new();

    public void AddTo(Command command)
    {
        command.Arguments.Add(_domain);
        Option[] all =
        [
            _agents, _experiments, _seed, _window, _isolated, _basin, _archive, _text, _work, _seconds, _hostile, _silent, _noDefences, _id, _resume, _compare, _transfer, _seeds, _json, _data,
            _cores, _place.Connect, _place.Cluster,
        ];
        foreach (var option in all) command.Options.Add(option);
    }

    /// <exception cref="BadInputException">The arguments do not go together.</exception>
    /// <exception cref="ArgumentException">One is out of range.</exception>
    public ResearchArguments Read(ParseResult arguments)
    {
        var domain = arguments.GetValue(_domain);
        var resume = arguments.GetValue(_resume);
        if (domain is null && resume is null) throw new BadInputException("research what? Name a domain, such as  hive research search");
        if (domain is not null && resume is not null) throw new BadInputException("a campaign that goes on keeps its domain: leave the domain away, or --resume");
        var seeds = arguments.GetValue(_seeds);
        if (seeds is < 2 or > 1_000) throw new BadInputException($"a comparison takes 2 to 1,000 seeds, not {seeds}");
        var request = new CampaignRequest
        {
            Domain = new DomainRequest(domain ?? "", arguments.GetValue(_text) is { } text ? Path.GetFullPath(text) : null, arguments.GetValue(_work)),
            Seconds = arguments.GetValue(_seconds),
            Spec = new CampaignSpec
            {
                Agents = arguments.GetValue(_agents),
                Experiments = arguments.GetValue(_experiments),
                Seed = arguments.GetValue(_seed),
                Window = arguments.GetValue(_window),
                IsIsolated = arguments.GetValue(_isolated),
                Hostile = arguments.GetValue(_hostile),
                IsHostileSilent = arguments.GetValue(_silent),
                HasDefences = !arguments.GetValue(_noDefences),
            },
        };
        _ = CampaignRequest.Parse(request.ToJson());
        return new ResearchArguments(request, arguments.GetValue(_data)!, arguments.GetValue(_cores))
        {
            Basin = arguments.GetValue(_basin),
            Archive = arguments.GetValue(_archive),
            Id = arguments.GetValue(_id) is { } id ? Client.GoalId.Check(id) : null,
            Resume = resume,
            IsComparison = arguments.GetValue(_compare),
            IsTransfer = arguments.GetValue(_transfer),
            Seeds = seeds,
            IsJson = arguments.GetValue(_json),
            Grid = _place.Read(arguments),
        };
    }
}

/// <summary>What <c>hive research</c> was asked.</summary>
/// <param name="Request">The campaign; without a basin, which is read once the domain is open.</param>
/// <param name="Data">Where campaigns are kept.</param>
/// <param name="Cores">How many experiments run at once.</param>
internal sealed record ResearchArguments(CampaignRequest Request, string Data, int Cores)
{
    public string? Basin { get; init; }

    public string? Archive { get; init; }

    public string? Id { get; init; }

    public string? Resume { get; init; }

    public bool IsComparison { get; init; }

    public bool IsTransfer { get; init; }

    public int Seeds { get; init; }

    public bool IsJson { get; init; }

    /// <summary>The grid that runs the campaign; null for this process alone.</summary>
    public GridOptions? Grid { get; init; }
}
