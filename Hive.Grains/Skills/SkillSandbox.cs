using System.Collections.Immutable;
using System.Text;
using Hive.Wasm;

namespace Hive.Skills;

/// <summary>
/// The skills that a silo has compiled, and runs of them. A skill is compiled once a silo; of too many, the one that was not used the longest makes way.
/// A run is deterministic: no clock, no files, no network; the same call costs the same fuel everywhere.
/// </summary>
public sealed class SkillSandbox : IDisposable
{
    /// <summary>How many skills stay compiled.</summary>
    public const int MaxCompiled = 64;

    private readonly Lock _gate = new();
    private readonly Dictionary<string, LinkedListNode<Compiled>> _compiled = new(StringComparer.Ordinal);
    private readonly LinkedList<Compiled> _byUse = new();

    /// <summary>The skill, where it is compiled already.</summary>
    /// <param name="address">The skill's address.</param>
    public bool Has(string address)
    {
        lock (_gate)
        {
            return _compiled.ContainsKey(address);
        }
    }

    /// <summary>The addresses of the skills that are compiled, in order.</summary>
    public ImmutableArray<string> Addresses
    {
        get
        {
            lock (_gate)
            {
                return [.. _compiled.Keys.Order(StringComparer.Ordinal)];
            }
        }
    }

    /// <summary>Compiles a skill, unless it is compiled already.</summary>
    /// <param name="skill">The skill.</param>
    /// <exception cref="WasmException">The module is none, or not valid.</exception>
    /// <exception cref="ArgumentException">The module is not that of the address, or a bound is exceeded.</exception>
    public void Load(SkillPackage skill)
    {
        SkillRules.Check(skill, skill.Manifest.Address);
        if (!Has(skill.Manifest.Address))
        {
            Keep(Compile(skill));
        }
    }

    /// <summary>Runs a skill that is loaded, on the caller's thread.</summary>
    /// <param name="address">The skill's address.</param>
    /// <param name="call">What it is given.</param>
    /// <param name="cancellation">Stops it.</param>
    /// <returns>What the run came to; a skill that traps or runs out of its limits says so there.</returns>
    /// <exception cref="KeyNotFoundException">The skill is not loaded.</exception>
    /// <exception cref="OperationCanceledException">It was stopped.</exception>
    public SkillResult Run(string address, SkillCall call, CancellationToken cancellation) => Run(Use(address), call, cancellation);

    /// <summary>Runs a skill's own tests without keeping the skill.</summary>
    /// <param name="skill">The skill.</param>
    /// <param name="cancellation">Stops it.</param>
    /// <exception cref="ArgumentException">The module is not that of the address, or a bound is exceeded.</exception>
    /// <exception cref="OperationCanceledException">It was stopped.</exception>
    public static SkillVerdict Test(SkillPackage skill, CancellationToken cancellation)
    {
        SkillRules.Check(skill, skill.Manifest.Address);
        Compiled compiled;
        try
        {
            compiled = Compile(skill);
        }
        catch (WasmException e)
        {
            return new SkillVerdict(0, [e.Message]);
        }

        using var module = compiled.Module;
        var failures = ImmutableArray.CreateBuilder<string>();
        foreach (var test in skill.Manifest.Tests)
        {
            if (Fault(test, Run(compiled, test.Call, cancellation)) is { } fault)
            {
                failures.Add($"test '{test.Name}': {fault}");
            }
        }

        return new SkillVerdict(skill.Manifest.Tests.Length - failures.Count, failures.ToImmutable());
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        lock (_gate)
        {
            foreach (var skill in _byUse)
            {
                skill.Module.Dispose();
            }

            _byUse.Clear();
            _compiled.Clear();
        }
    }

    private static Compiled Compile(SkillPackage skill)
    {
        var engine = new Hive.Wasm.Engine(new Config { ConsumeFuel = true, MaxMemoryBytes = (long)skill.Manifest.Limits.MemoryMiB << 20 });
        return new Compiled(skill.Manifest, Module.FromBytes(engine, skill.Manifest.Name, skill.Module.AsSpan()));
    }

    private static SkillResult Run(Compiled skill, SkillCall call, CancellationToken cancellation)
    {
        var engine = skill.Module.Engine;
        var fuel = (ulong)skill.Manifest.Limits.Fuel;
        using var store = new Store(engine) { Fuel = fuel, CancellationToken = cancellation };
        using var input = new MemoryStream(Encoding.UTF8.GetBytes(call.Input));
        var world = new Wasi(new WasiConfiguration
        {
            Arguments = [skill.Manifest.Name, .. call.Arguments],
            StandardInput = input,
            MaxOutputBytes = SkillLimits.MaxText,
        });
        int? exitCode = null;
        string? failure = null;
        try
        {
            exitCode = Wasi.Run(new Linker(engine).DefineWasi(world).Instantiate(store, skill.Module));
        }
        catch (WasmException e)
        {
            cancellation.ThrowIfCancellationRequested();
            failure = e.Message;
        }

        return new SkillResult(
            exitCode, Encoding.UTF8.GetString(world.StandardOutput), Encoding.UTF8.GetString(world.StandardError), (long)(fuel - store.Fuel), failure);
    }

    private static string? Fault(SkillTest test, SkillResult result) => result switch
    {
        { Failure: { } failure } => failure,
        _ when result.ExitCode != test.ExitCode => $"it ended with exit code {result.ExitCode} and not {test.ExitCode}",
        _ when result.Output.TrimEnd() != test.Output.TrimEnd() => $"it printed {Shown(result.Output)} and not {Shown(test.Output)}",
        _ => null,
    };

    private static string Shown(string text)
    {
        var line = text.TrimEnd().ReplaceLineEndings("⏎");
        return line.Length <= 60 ? $"'{line}'" : $"'{line[..60]}…'";
    }

    private Compiled Use(string address)
    {
        lock (_gate)
        {
            if (!_compiled.TryGetValue(address, out var node))
            {
                throw new KeyNotFoundException($"the skill {address} is not loaded");
            }

            _byUse.Remove(node);
            _byUse.AddFirst(node);
            return node.Value;
        }
    }

    private void Keep(Compiled skill)
    {
        lock (_gate)
        {
            if (_compiled.ContainsKey(skill.Manifest.Address))
            {
                return;
            }

            _compiled[skill.Manifest.Address] = _byUse.AddFirst(skill);
            if (_compiled.Count > MaxCompiled)
            {
                // Runs that are under way keep the code alive; the module is only forgotten.
                _compiled.Remove(_byUse.Last!.Value.Manifest.Address);
                _byUse.RemoveLast();
            }
        }
    }

    private sealed record Compiled(SkillManifest Manifest, Module Module);
}
