using Hive.Evaluators;
using Hive.Goals;
using Hive.Spaces;

// A process that a test kills: it has one candidate measured by 'sh evaluator.sh' in the folder given, by the protocol given.
if (args is not [var protocol, var folder])
{
    Console.Error.WriteLine("usage: Hive.EvaluatorHost once|lines FOLDER");
    return 2;
}

var spec = new CommandEvaluatorSpec(["sh", "evaluator.sh"], Enum.Parse<EvaluatorProtocol>(protocol, ignoreCase: true), TimeoutSeconds: 600);
var space = SearchSpace.Of([new NamedDimension("x", new RealDimension(0, 1))]);
var check = new MetricCheck("score", MetricDirection.Maximize, null, spec);
await using var evaluator = EvaluatorFactory.Create(spec, check, space, folder, TimeProvider.System);
await evaluator.MeasureAsync([[0.5]], new Measurement[1], CancellationToken.None);
return 0;
