using System.Collections.Immutable;
using System.CommandLine;
using System.Globalization;
using System.Text;
using Hive.Goals;
using Hive.Silo.Display;
using Hive.Silo.Hosting;
using Hive.Skills;
using Hive.Wasm;
using Hive.Wasm.Text;

namespace Hive.Silo.Commands;

/// <summary><c>hive skill …</c>: WebAssembly modules that are stored by what they are, and run where nothing can be hurt.</summary>
internal static class SkillCommand
{
    private const string Runner = "worker@local/skills";

    public static Command Create(CommandConsole console) => new("skill", "Add, run, list, show and remove skills: WebAssembly modules with tests, run in the sandbox.")
    {
        Add(console),
        Run(console),
        List(console),
        Show(console),
        Remove(console),
    };

    private static Command Add(CommandConsole console)
    {
        var file = new Argument<string>("file") { Description = "The module: .wasm, or .wat as text. A WASI command that reads standard input and writes standard output." };
        var tests = new Option<string>("--tests") { Description = "What the skill must answer, and what it may cost (JSON; docs/skills.md).", Required = true, HelpName = "FILE" };
        var (json, data) = (CommonOptions.Json(), CommonOptions.Data());
        var command = new Command("add", "Add a skill. One that fails its own tests is not accepted.") { file, tests, json, data };
        command.SetAction(async (arguments, cancellation) =>
        {
            var package = Package(arguments.GetRequiredValue(file), arguments.GetRequiredValue(tests));
            await using var silo = await StartAsync(arguments.GetValue(data)!, cancellation);
            var verdict = await silo.Grains.GetGrain<ISkillGrain>(package.Manifest.Address).AddAsync(package, Runner).WaitAsync(cancellation);
            if (!verdict.Failures.IsEmpty)
            {
                return console.Failed($"the skill is not accepted: {string.Join("; ", verdict.Failures.Take(5))}{(verdict.Failures.Length > 5 ? "; …" : "")}");
            }

            console.Output.WriteLine(arguments.GetValue(json)
                ? SkillText.Json(package.Manifest)
                : $"{package.Manifest.Address}  {package.Manifest.Name}: {verdict.Passed} tests passed");
            return ExitCode.Done;
        });
        return command;
    }

    private static Command Run(CommandConsole console)
    {
        var skill = SkillArgument();
        var rest = new Argument<string[]>("arguments") { Description = "Arguments of the skill.", Arity = ArgumentArity.ZeroOrMore };
        var (json, data) = (CommonOptions.Json(), CommonOptions.Data());
        var command = new Command("run", "Run a skill: standard input to it, its standard output back, its exit code as the exit status.") { skill, rest, json, data };
        command.SetAction(async (arguments, cancellation) =>
        {
            await using var silo = await StartAsync(arguments.GetValue(data)!, cancellation);
            var address = (await FindAsync(silo, arguments.GetRequiredValue(skill))).Address;
            var input = Console.IsInputRedirected ? await Console.In.ReadToEndAsync(cancellation) : "";
            var call = new SkillCall([.. arguments.GetValue(rest) ?? []], input);
            var result = await silo.Grains.GetGrain<ISkillRunnerGrain>(Runner).RunAsync(address, call, cancellation);
            if (arguments.GetValue(json))
            {
                console.Output.WriteLine(SkillText.Json(result));
                return result.Failure is null ? ExitCode.Done : ExitCode.Failed;
            }

            console.Output.Write(result.Output);
            console.Error.Write(result.Error);
            return result.Failure is { } failure ? console.Failed(failure) : result.ExitCode ?? ExitCode.Failed;
        });
        return command;
    }

    private static Command List(CommandConsole console)
    {
        var (json, data) = (CommonOptions.Json(), CommonOptions.Data());
        var command = new Command("list", "List the skills.") { json, data };
        command.SetAction(async (arguments, cancellation) =>
        {
            await using var silo = await StartAsync(arguments.GetValue(data)!, cancellation);
            var skills = await silo.Grains.GetGrain<ISkillIndexGrain>(ISkillIndexGrain.Key).ListAsync();
            if (arguments.GetValue(json))
            {
                console.Output.WriteLine(SkillText.Json(skills));
                return ExitCode.Done;
            }

            foreach (var skill in skills)
            {
                console.Output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{skill.Address[..12]}  {skill.Name,-24} {skill.Bytes,10:N0} bytes"));
            }

            return ExitCode.Done;
        });
        return command;
    }

    private static Command Show(CommandConsole console)
    {
        var skill = SkillArgument();
        var (json, data) = (CommonOptions.Json(), CommonOptions.Data());
        var command = new Command("show", "Show a skill: its address, limits and tests.") { skill, json, data };
        command.SetAction(async (arguments, cancellation) =>
        {
            await using var silo = await StartAsync(arguments.GetValue(data)!, cancellation);
            var address = (await FindAsync(silo, arguments.GetRequiredValue(skill))).Address;
            var manifest = (await silo.Grains.GetGrain<ISkillGrain>(address).GetAsync()).Manifest;
            console.Output.WriteLine(arguments.GetValue(json) ? SkillText.Json(manifest) : SkillText.Of(manifest));
            return ExitCode.Done;
        });
        return command;
    }

    private static Command Remove(CommandConsole console)
    {
        var skill = SkillArgument();
        var data = CommonOptions.Data();
        var command = new Command("remove", "Remove a skill.") { skill, data };
        command.SetAction(async (arguments, cancellation) =>
        {
            await using var silo = await StartAsync(arguments.GetValue(data)!, cancellation);
            var manifest = await FindAsync(silo, arguments.GetRequiredValue(skill));
            await silo.Grains.GetGrain<ISkillGrain>(manifest.Address).RemoveAsync();
            console.Error.WriteLine($"{manifest.Address[..12]}  {manifest.Name} is removed");
            return ExitCode.Done;
        });
        return command;
    }

    private static Argument<string> SkillArgument() => new("skill") { Description = "The skill's address, enough of its beginning, or its name." };

    private static Task<RunningSilo> StartAsync(string data, CancellationToken cancellation) =>
        RunningSilo.StartAsync(options => (options.Database, options.ResumeGoals) = (data, false), cancellation);

    private static SkillPackage Package(string file, string tests)
    {
        byte[] module;
        SkillTestFile expected;
        try
        {
            module = file.EndsWith(".wat", StringComparison.OrdinalIgnoreCase) ? WatCompiler.ToBinary(File.ReadAllText(file, Encoding.UTF8), file) : File.ReadAllBytes(file);
            expected = SkillTestFile.Parse(File.ReadAllText(tests));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or WasmException)
        {
            throw new BadInputException(e.Message);
        }
        catch (GoalSpecException e)
        {
            throw new BadInputException($"{tests}: {e.Message}");
        }

        var name = expected.Name ?? Path.GetFileNameWithoutExtension(file);
        var manifest = new SkillManifest(SkillRules.AddressOf(module), name, module.Length, expected.Limits, expected.Tests);
        return new SkillPackage(manifest, ImmutableArray.Create(module));
    }

    private static async Task<SkillManifest> FindAsync(RunningSilo silo, string named)
    {
        var skills = await silo.Grains.GetGrain<ISkillIndexGrain>(ISkillIndexGrain.Key).ListAsync();
        var meant = skills.Where(skill => skill.Name == named || skill.Address.StartsWith(named, StringComparison.OrdinalIgnoreCase)).Take(3).ToArray();
        return meant.Length switch
        {
            1 => meant[0],
            0 => throw new BadInputException($"there is no skill '{named}'; hive skill list shows those there are"),
            _ => throw new BadInputException($"'{named}' may mean {string.Join(" or ", meant.Select(skill => skill.Address[..12]))}; give the address"),
        };
    }
}
