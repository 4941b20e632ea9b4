using Hive.Brains;
using Hive.Building;
using Hive.Client.Grid;
using Hive.Cognition.Prompts;
using Hive.Silos;
using Hive.Tools;

namespace Hive.Silo.Hosting;

/// <summary>What a silo is told at its start.</summary>
public sealed record HiveOptions
{
    /// <summary>The silo's name, unique in its hive: 1 to 100 characters without <c>@</c>, <c>/</c> and spaces.</summary>
    public string Name { get; set; } = "local";

    /// <summary>The silo's tier: <c>edge</c>, <c>worker</c> or <c>core</c>.</summary>
    public string Tier { get; set; } = Tiers.Worker;

    /// <summary>Whether the silo holds authority: goals, their logs, the registry. One process alone is its own hub.</summary>
    public bool IsHub { get; set; } = true;

    /// <summary>How many attempts run at once; the processor's cores.</summary>
    public int Cores { get; set; } = Environment.ProcessorCount;

    /// <summary>The hardware, where somebody has looked at it already; absent: the silo looks by itself.</summary>
    public Hardware? Hardware { get; set; }

    /// <summary>
    /// Where the hub keeps its database and artifacts: a folder (with <c>hive.db</c>, SQLite), a <c>postgres://</c> URL,
    /// or <see cref="InMemory"/> for a hive that forgets everything.
    /// </summary>
    public string Database { get; set; } = ".hive";

    /// <summary>The grid that the silo joins, as its hub or as one of its silos; absent: the process is alone.</summary>
    public GridOptions? Grid { get; set; }

    /// <summary>
    /// The <c>hive.json</c> that says which brains and tools the silo has; local model servers are looked for after the start unless it says otherwise. Absent: the silo has what
    /// <see cref="Brains"/>, <see cref="Tools"/> and <see cref="Prompts"/> give it, and looks for nothing.
    /// </summary>
    public HiveFile? File { get; set; }

    /// <summary>The silo's brains, instead of those of <see cref="File"/>; whoever gives them disposes of them.</summary>
    public IBrains? Brains { get; set; }

    /// <summary>The hub's tools, instead of those of <see cref="File"/>; whoever gives them disposes of them.</summary>
    public ITools? Tools { get; set; }

    /// <summary>What the hub asks brains with, instead of Hive's own prompts and those that <see cref="File"/> names.</summary>
    public PromptLibrary? Prompts { get; set; }

    /// <summary>Where the hub works on builds; absent: beside the database, by the <c>git</c> command.</summary>
    public IWorkshop? Workshop { get; set; }

    /// <summary>The lease under which the hub acts, and its open database; absent where one process is the whole hive.</summary>
    internal HubAuthority? Hub { get; set; }

    /// <summary>Whether the hub goes on by itself with goals that a crash left unfinished.</summary>
    public bool ResumeGoals { get; set; } = true;

    /// <summary>The value of <see cref="Database"/> that keeps everything in memory.</summary>
    public const string InMemory = "memory";

    /// <summary>Checks the options.</summary>
    /// <exception cref="ArgumentException">An option is out of range; the message says which and how to mend it.</exception>
    public void Validate()
    {
        if (Name.Length is 0 or > 100 || Name.AsSpan().IndexOfAny("@/ ") >= 0)
        {
            throw new ArgumentException($"'{Name}' is no name for a silo; use 1 to 100 characters without '@', '/' and spaces");
        }

        if (!Tiers.All.Contains(Tier))
        {
            throw new ArgumentException($"'{Tier}' is no tier; choose {string.Join(", ", Tiers.All)}");
        }

        if (!IsHub && Grid is null)
        {
            throw new ArgumentException("a silo that is no hub must join one: name its grid (Grid), or let it be a hub (IsHub)");
        }

        if (Cores is < 1 or > 100_000)
        {
            throw new ArgumentException($"a silo runs 1 to 100,000 attempts at once, not {Cores}");
        }
    }
}
