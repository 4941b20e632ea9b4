using System.Collections.Immutable;
using Hive.Goals;

namespace Hive.Tests.Explorers;

internal static class Metrics
{
    public static MetricCheck Check(MetricDirection direction, double? target = null) =>
        new("value", direction, target, new BuiltinEvaluatorSpec("function", ImmutableSortedDictionary<string, string>.Empty));
}
