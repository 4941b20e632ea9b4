using Hive.Wasm.Spec;
using Hive.Wasm.Tests.Fuzz.Reference;
using Hive.Wasm.Tests.Spec;
using Hive.Wasm.Text;

namespace Hive.Wasm.Tests.Fuzz;

/// <summary>The reference interpreter earns its name: it passes what the official suite says about single modules.</summary>
public class ReferenceSuiteTests
{
    private const long Steps = 3_000_000;

    [Fact]
    public void The_reference_interpreter_agrees_with_the_official_suite()
    {
        Assert.SkipWhen(OfficialSuite.Folder is null, OfficialSuite.WhyAbsent);
        var tally = new Tally();
        foreach (var file in Directory.GetFiles(OfficialSuite.Folder!, "*.wast").Order(StringComparer.Ordinal))
        {
            ReferenceInstance? instance = null;
            foreach (var command in new ScriptParser(TextSource.FromBytes(File.ReadAllBytes(file), Path.GetFileName(file))).Commands())
            {
                try
                {
                    instance = command is ModuleCommand module ? Instantiate(module.Module) : instance;
                    if (instance is not null)
                    {
                        Check(instance, command, $"{Path.GetFileName(file)}:{command.Line}", tally);
                    }
                }
                catch (Exception e) when (e is ReferenceUnsupported or ReferenceExhausted)
                {
                    instance = null;
                }
            }
        }

        Assert.Empty(tally.Wrong);
        Assert.True(tally.Checked > 40_000, $"only {tally.Checked} assertions were checked");
    }

    private sealed class Tally
    {
        public int Checked { get; set; }

        public List<string> Wrong { get; } = [];
    }

    private static void Check(ReferenceInstance instance, ScriptCommand command, string place, Tally tally)
    {
        switch (command)
        {
            case ActionCommand { Action: { IsGet: false, Instance: null } } action:
                Run(instance, action.Action);
                break;
            case AssertReturn { Action: { IsGet: false, Instance: null } } assertion:
                var results = Run(instance, assertion.Action);
                tally.Checked++;
                if (results.Cells?.Length != assertion.Expected.Count || !assertion.Expected.Zip(results.Cells).All(p => Fits(p.First, p.Second)))
                {
                    tally.Wrong.Add($"{place}: {results.Trap} [{string.Join(' ', results.Cells ?? [])}]");
                }

                break;
            case AssertActionFails { Failure: ActionFailure.Trap, Action: { Instance: null } } trap:
                var code = Run(instance, trap.Action).Trap;
                tally.Checked++;
                if (code is null || !trap.Message.StartsWith(TrapException.Phrase(code.Value), StringComparison.Ordinal))
                {
                    tally.Wrong.Add($"{place}: {code} instead of {trap.Message}");
                }

                break;
        }
    }

    private static ReferenceInstance? Instantiate(ScriptModule module)
    {
        try
        {
            return new ReferenceInstance(ReferenceModule.Decode(module.Translate().Binary), Print, Steps);
        }
        catch (Exception e) when (e is ReferenceUnsupported or ReferenceTrap)
        {
            return null;
        }
    }

    private static Func<Cell[], Cell[]> Print(ReferenceImport import) => import.Module == "spectest" ? _ => [] : throw new ReferenceUnsupported("imports");

    private static (Cell[]? Cells, TrapCode? Trap) Run(ReferenceInstance instance, ScriptAction action)
    {
        var function = instance.Functions[instance.Module.Exports.Single(e => e.Sort == 0 && e.Name == action.Export).Index];
        var arguments = action.Arguments!.Zip(function.Type.Parameters, (value, kind) =>
            value.Type == ScriptType.HostReference ? new Cell(kind, 0, value) : new Cell(kind, new UInt128(value.High, value.Low)));
        try
        {
            return (instance.Interpreter.Call(function, [.. arguments]), null);
        }
        catch (ReferenceTrap trap)
        {
            return (null, trap.Code);
        }
    }

    private static bool Fits(ValuePattern pattern, Cell actual) => pattern switch
    {
        EitherPattern either => either.Choices.Any(c => Fits(c, actual)),
        LanePattern lanes => lanes.Fits(actual.Word, (ulong)(actual.Bits >> 64)),
        ExactPattern { AnyReference: true } => actual.Reference is not null,
        ExactPattern { Value.Type: ScriptType.NullReference } => actual.Reference is null,
        ExactPattern { Value: { Type: ScriptType.HostReference } expected } => Equals(expected, actual.Reference),
        ExactPattern exact => actual.Bits == new UInt128(exact.Value.High, exact.Value.Low),
        _ => false,
    };
}
