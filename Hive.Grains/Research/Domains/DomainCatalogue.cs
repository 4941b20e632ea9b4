using System.Collections.Immutable;
using Hive.Research.Finance;
using Hive.Research.Hedging;
using Hive.Research.Ml;
using Hive.Research.Search;
using Hive.Research.Skills;
using Hive.Research.Text;

namespace Hive.Research.Domains;

/// <summary>Makes a domain by its name, or from a user's file.</summary>
public static class DomainCatalogue
{
    /// <summary>Circles in a square that is small enough for research: seven of them, 21 techniques.</summary>
    private const string Packing = """
        {
          "name": "packing",
          "objective": "Pack 7 circles into the unit square; maximise the sum of their radii",
          "check": { "metric": { "name": "sum_radii", "direction": "maximize", "evaluator": { "builtin": "circle-packing" } } },
          "space": { "circles": { "vector": { "length": 7, "of": { "tuple": [ { "real": [0, 1] }, { "real": [0, 1] }, { "real": [0, 0.5] } ] } } } },
          "penalty": 10
        }
        """;

    private static readonly ImmutableSortedDictionary<string, Func<string?, TimeProvider, CancellationToken, IResearchDomain>> BuiltIn =
        new Dictionary<string, Func<string?, TimeProvider, CancellationToken, IResearchDomain>>
        {
            ["finance"] = (data, _, _) => data is null ? FinanceDomain.OfSyntheticMarket() : FinanceDomain.OfPrices(data),
            ["hedging"] = (data, _, _) => NoData(data, new HedgingDomain()),
            ["ml"] = (data, _, cancellation) => MlDomain.Open(new MlOptions { TextFile = data }, cancellation),
            ["packing"] = (data, clock, _) => EvaluatorDomain.Parse(NoData(data, Packing), "packing", null, clock),
            ["search"] = (data, _, cancellation) => data is null ? SearchDomain.OfReferenceDocumentation(cancellation) : SearchDomain.Of(TextFile.Read(data)),
            ["skills"] = (data, _, _) => data is null ? SkillsDomain.OfBuiltInFunctions() : SkillsDomain.OfExamples(data),
        }.ToImmutableSortedDictionary(StringComparer.Ordinal);

    /// <summary>The names of the domains that come with Hive, in their order.</summary>
    public static IEnumerable<string> Names => BuiltIn.Keys;

    /// <summary>Makes a domain.</summary>
    /// <param name="nameOrFile">One of <see cref="Names"/>, or the path of a domain file: one that has a folder or ends with <c>.json</c>.</param>
    /// <param name="dataFile">The user's own data for a domain of Hive's that takes some; null for those that it comes with.</param>
    /// <param name="clock">Measures time-outs of evaluators.</param>
    /// <param name="cancellation">Stops the reading of data.</param>
    /// <returns>The domain; where it is <see cref="IAsyncDisposable"/>, the caller disposes of it.</returns>
    /// <exception cref="DomainException">There is none, or it cannot be made; the message says how to mend it.</exception>
    public static IResearchDomain Make(string nameOrFile, string? dataFile, TimeProvider clock, CancellationToken cancellation)
    {
        if (!BuiltIn.TryGetValue(nameOrFile, out var make))
        {
            var isFile = nameOrFile.EndsWith(".json", StringComparison.OrdinalIgnoreCase) || nameOrFile.AsSpan().ContainsAny('/', Path.DirectorySeparatorChar);
            return isFile
                ? EvaluatorDomain.Load(NoData(dataFile, nameOrFile), clock)
                : throw new DomainException($"there is no domain '{nameOrFile}'; give one of {string.Join(", ", Names)}, or a domain file (docs/your-own-domain.md)");
        }

        try
        {
            return make(dataFile, clock, cancellation);
        }
        catch (Exception e) when (e is FormatException or IOException or UnauthorizedAccessException)
        {
            throw new DomainException(e.Message, e);
        }
    }

    private static T NoData<T>(string? dataFile, T otherwise) =>
        dataFile is null ? otherwise : throw new DomainException($"this domain takes no data file; leave {dataFile} out");
}
