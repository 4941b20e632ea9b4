using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Hive.Evaluators;
using Hive.Goals;

namespace Hive.Research.Domains;

/// <summary>What decides the values of a user's domain: its text, and the files that its evaluators are made of. What those read besides is not known here.</summary>
internal static class DomainFingerprint
{
    private const string Version = "evaluator domain 1";
    private const long MaxFileBytes = 64 << 20;

    /// <summary>SHA-256 in lower-case hexadecimal.</summary>
    /// <param name="spec">The domain.</param>
    public static string Of(DomainSpec spec)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        Append(hash, string.Create(CultureInfo.InvariantCulture, $"{Version}, seeds {spec.TakesSeed}, penalty {spec.Penalty:R}"));
        foreach (var evaluator in new[] { spec.Goal.Metric!.Evaluator, spec.TestEvaluator ?? spec.Goal.Metric.Evaluator })
        {
            Append(hash, GoalFile.Write(spec.Goal with
            {
                Objective = spec.Name,
                Budget = new GoalBudget(1, null, null),
                Agents = 1,
                Seed = 0,
                Directory = null,
                Metric = spec.Goal.Metric with { Evaluator = evaluator },
            }));
            foreach (var file in Files(evaluator, spec.Goal.Directory)) hash.AppendData(SHA256.HashData(File.ReadAllBytes(file)));
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    private static IEnumerable<string> Files(EvaluatorSpec evaluator, string? directory)
    {
        IEnumerable<string> named = evaluator switch
        {
            CommandEvaluatorSpec command => command.Command,
            WasmEvaluatorSpec wasm => [wasm.File],
            _ => [],
        };
        return named.Select(name => Path.Combine(directory ?? ".", name)).Where(path => new FileInfo(path) is { Exists: true, Length: <= MaxFileBytes });
    }

    private static void Append(IncrementalHash hash, string text)
    {
        hash.AppendData(Encoding.UTF8.GetBytes(text));
        hash.AppendData([0]);
    }
}
