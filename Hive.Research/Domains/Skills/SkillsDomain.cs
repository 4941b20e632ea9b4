using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Hive.Randomness;
using Hive.Wasm;

namespace Hive.Research.Skills;

/// <summary>
/// Finding a function from examples: a bounded search over small typed expressions, whose best becomes a WebAssembly module and runs in the sandbox. The metric is the share of hidden
/// cases that the modules pass, the mean over the functions looked for; what is varied is how to search.
/// </summary>
public sealed class SkillsDomain : IResearchDomain
{
    private const int Programs = 1_500;
    private const string Version = "skills 1";

    private readonly IReadOnlyList<SkillTask> _tasks;
    private readonly Engine _engine = new(new Config { ConsumeFuel = true, MaxMemoryBytes = 0 });

    private SkillsDomain(IReadOnlyList<SkillTask> tasks)
    {
        _tasks = tasks;
        Budget = new WorkBudget((long)Programs * tasks.Count, "programs");
        var text = new StringBuilder(Version).Append(' ').Append(Programs);
        foreach (var task in tasks)
        {
            text.Append('\n').Append(task.Name);
            foreach (var one in task.Train.Concat(task.Validation).Concat(task.Test)) text.Append(CultureInfo.InvariantCulture, $" {string.Join(',', one.Arguments)}={one.Result}");
        }

        Fingerprint = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text.ToString())));
    }

    /// <inheritdoc/>
    public string Name => "skills";

    /// <inheritdoc/>
    public string Metric => "pass rate of hidden cases (0 to 1)";

    /// <inheritdoc/>
    public Direction Direction => Direction.Maximize;

    /// <inheritdoc/>
    public TechniqueSpace Space => SearchOptions.Space;

    /// <inheritdoc/>
    public WorkBudget Budget { get; }

    /// <inheritdoc/>
    public Configuration Baseline => SearchOptions.Baseline;

    /// <inheritdoc/>
    public string Fingerprint { get; }

    /// <summary>The domain over the functions that come with Hive.</summary>
    public static SkillsDomain OfBuiltInFunctions() => new(SkillTask.BuiltIn());

    /// <summary>The domain over a function of which a file has examples: <c>{"name": …, "examples": [{"arguments": [1, 2], "result": 3}, …]}</c>.</summary>
    /// <param name="path">The file; 16 to 2,000 examples of 1 to 4 whole numbers of 64 bits.</param>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="FormatException">It holds no examples; the message says where and how to mend it.</exception>
    public static SkillsDomain OfExamples(string path) => new([SkillExamples.Read(path)]);

    /// <inheritdoc/>
    public ValueTask<ExperimentResult> RunAsync(Configuration configuration, ulong seed, DataPart part, CancellationToken cancellation)
    {
        if (Space.Mistake(configuration) is { } mistake) throw new ArgumentException(mistake, nameof(configuration));
        var options = SearchOptions.Of(configuration);
        var (sum, work) = (0.0, 0L);
        for (var i = 0; i < _tasks.Count; i++)
        {
            var search = new ProgramSearch(_tasks[i], options, new SeededRandom(SeededRandom.Mix(seed, (ulong)i)));
            var module = ExpressionModule.Encode(search.Run(Programs, cancellation), _tasks[i].Arity);
            sum += ExpressionModule.PassRate(_engine, module, part == DataPart.Validation ? _tasks[i].Validation : _tasks[i].Test, cancellation);
            work += search.Evaluated;
        }

        return ValueTask.FromResult(new ExperimentResult(sum / _tasks.Count, work));
    }

    /// <summary>The best module that one experiment finds for each function, by the function's name.</summary>
    /// <param name="configuration">A point of <see cref="Space"/>.</param>
    /// <param name="seed">The experiment's seed.</param>
    /// <param name="cancellation">Stops at once.</param>
    /// <exception cref="ArgumentException">The configuration is no point of the space.</exception>
    public IReadOnlyDictionary<string, byte[]> Modules(Configuration configuration, ulong seed, CancellationToken cancellation)
    {
        if (Space.Mistake(configuration) is { } mistake) throw new ArgumentException(mistake, nameof(configuration));
        var options = SearchOptions.Of(configuration);
        return _tasks.Select((task, i) => (task, i)).ToDictionary(
            pair => pair.task.Name,
            pair => ExpressionModule.Encode(new ProgramSearch(pair.task, options, new SeededRandom(SeededRandom.Mix(seed, (ulong)pair.i))).Run(Programs, cancellation), pair.task.Arity));
    }
}
