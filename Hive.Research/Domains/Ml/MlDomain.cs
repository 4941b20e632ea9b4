using System.Security.Cryptography;
using System.Text;
using Hive.Research.Text;

namespace Hive.Research.Ml;

/// <summary>
/// Trains a small character language model on real text. The budget of an experiment is multiply-adds, so a larger model makes fewer steps; a configuration
/// and a seed give the same loss, bit for bit, on every machine.
/// </summary>
public sealed class MlDomain : IResearchDomain
{
    private const long DefaultBudget = 8_000_000_000;
    private const string Version = "ml/1";

    /// <summary>The most characters read of the reference documentation.</summary>
    private const long MaxCharacters = 2_000_000;

    private readonly Corpus _corpus;
    private readonly WorkspacePool _workspaces = new();

    private MlDomain(Corpus corpus, MlOptions options)
    {
        _corpus = corpus;
        Budget = new WorkBudget((long)(DefaultBudget * options.Work), "multiply-adds");
        Space = MlTechniques.CreateSpace();
        Baseline = MlTechniques.Baseline(Space);
        Fingerprint = FingerprintOf(corpus, Budget);
    }

    /// <inheritdoc/>
    public string Name => "ml";

    /// <inheritdoc/>
    public string Metric => "validation loss (nats per character)";

    /// <inheritdoc/>
    public Direction Direction => Direction.Minimize;

    /// <inheritdoc/>
    public TechniqueSpace Space { get; }

    /// <inheritdoc/>
    public WorkBudget Budget { get; }

    /// <inheritdoc/>
    public Configuration Baseline { get; }

    /// <inheritdoc/>
    public string Fingerprint { get; }

    /// <summary>The domain over the text that the options name.</summary>
    /// <param name="options">The text and the budget.</param>
    /// <param name="cancellation">Stops the reading.</param>
    /// <exception cref="ArgumentException">An option is out of its range.</exception>
    /// <exception cref="FileNotFoundException">There is no text; the message says what to do.</exception>
    /// <exception cref="FormatException">The text is damaged or too short; the message says what to do.</exception>
    public static MlDomain Open(MlOptions options, CancellationToken cancellation)
    {
        options.Validate();
        return Over(options.TextFile is { } path ? TextFile.Read(path) : ReferenceDocumentation.Read(MaxCharacters, cancellation), options);
    }

    /// <summary>The domain over documents.</summary>
    /// <param name="documents">The documents; their order matters.</param>
    /// <param name="options">The budget.</param>
    /// <exception cref="ArgumentException">An option is out of its range.</exception>
    /// <exception cref="FormatException">The text is too short.</exception>
    public static MlDomain Over(IReadOnlyList<TextDocument> documents, MlOptions options)
    {
        options.Validate();
        return new MlDomain(Corpus.From(documents), options);
    }

    /// <inheritdoc/>
    public ValueTask<ExperimentResult> RunAsync(Configuration configuration, ulong seed, DataPart part, CancellationToken cancellation)
    {
        if (Space.Mistake(configuration) is { } mistake) throw new ArgumentException(mistake, nameof(configuration));
        var settings = MlSettings.From(Space, configuration);
        return new ValueTask<ExperimentResult>(Task.Run(() => Run(settings, seed, part, cancellation), cancellation));
    }

    private ExperimentResult Run(MlSettings settings, ulong seed, DataPart part, CancellationToken cancellation)
    {
        var workspace = _workspaces.Rent();
        try
        {
            return new Training(settings, _corpus, workspace, seed).Run(Budget.Amount, part, cancellation);
        }
        finally
        {
            _workspaces.Return(workspace);
        }
    }

    private static string FingerprintOf(Corpus corpus, WorkBudget budget)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(Encoding.UTF8.GetBytes($"{Version} {budget.Amount} {budget.Unit}\n"));
        corpus.AppendTo(hash);
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }
}
