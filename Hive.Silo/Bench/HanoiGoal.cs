using Hive.Brains;
using Hive.Goals;
using Hive.Silos;
using Microsoft.Extensions.AI;

namespace Hive.Silo.Bench;

/// <summary>What is simulated: the puzzle's size, and how brains err.</summary>
/// <param name="Disks">How many disks, 1 to <see cref="HanoiState.MostDisks"/>.</param>
/// <param name="Accuracy">How many of a brain's readable answers are right, above 0.5, below 1.</param>
/// <param name="Malformed">How many of a brain's answers are not readable, on top of those that are wrong; 0 to below 0.5.</param>
/// <param name="Reliability">The probability asked for that all steps are right, above 0, below 1.</param>
/// <param name="Seed">Where the errors are drawn from.</param>
internal sealed record HanoiSettings(int Disks, double Accuracy, double Malformed, double Reliability, long Seed)
{
    /// <summary>What is wrong with the settings, in a sentence; absent where nothing is.</summary>
    public string? Mistake => this switch
    {
        { Disks: < 1 or > HanoiState.MostDisks } => $"--disks is {Disks}; it must be 1 to {HanoiState.MostDisks}",
        { Accuracy: not (> 0.5 and < 1) } => $"--accuracy is {Accuracy}; it must be above 0.5 and below 1",
        { Malformed: not (>= 0 and < 0.5) } => $"--malformed is {Malformed}; it must be 0 or more, and below 0.5",
        { Reliability: not (> 0 and < 1) } => $"--reliability is {Reliability}; it must be above 0 and below 1",
        { Seed: < 0 } => $"--seed is {Seed}; it must be 0 or more",
        _ => null,
    };

    /// <summary>The goal: an ordinary one, of dependent steps, decided by votes.</summary>
    public GoalSpec Goal => new()
    {
        Objective = $"Move a tower of {Disks} disks from peg A to peg C",
        Cognition = new CognitionSpec
        {
            Votes = new VotesCheck(new AnswerSpec(HanoiState.Pattern, HanoiState.MaxCharacters(Disks)), Reliability) { Accuracy = Accuracy },
            Steps = new StepsSpec(HanoiState.Start(Disks).ToString(), HanoiState.Instruction(Disks), HanoiSolver.Steps(Disks)),
            AnswerTokens = HanoiState.MaxCharacters(Disks),
        },
        Budget = new GoalBudget(null, null, null) { Tokens = 1L << 53 },
        Seed = Seed,
    };

    /// <summary>A brain as the goal's silo has it.</summary>
    public HanoiBrain Brain => new(Accuracy, Malformed, (ulong)Seed);
}

/// <summary>The simulation's brains: one script under several names, since a brain takes a bounded number of calls at once.</summary>
internal sealed class HanoiBrains(HanoiSettings settings) : IBrains
{
    private const int Brains = 4;
    private const int Places = 4;

    private readonly HanoiBrain _brain = settings.Brain;

    public IReadOnlyList<BrainSpec> All { get; } =
    [
        .. Enumerable.Range(1, Brains).Select(number => new BrainSpec { Name = $"hanoi-{number}", Model = $"hanoi-{number}", Tier = Tiers.Worker, MaxConcurrency = Places }),
    ];

    public IChatClient Open(string name) => All.Any(brain => brain.Name == name) ? _brain : throw new KeyNotFoundException($"there is no brain '{name}'");
}
