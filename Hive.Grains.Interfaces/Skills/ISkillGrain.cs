using Orleans.Concurrency;

namespace Hive.Skills;

/// <summary>One skill: a WebAssembly module under the SHA-256 of its bytes, which is the grain's key. It lives on the hub and serves any silo; it runs nothing itself.</summary>
[Alias("hive.skill")]
public interface ISkillGrain : IGrainWithStringKey
{
    /// <summary>Takes a skill in, once a silo has shown that it passes its own tests. One that is there already stays as it is.</summary>
    /// <param name="skill">The module and its manifest.</param>
    /// <param name="runner">The key of the <see cref="ISkillRunnerGrain"/> that tests it.</param>
    /// <returns>What the tests showed; the skill is stored only where all passed.</returns>
    /// <exception cref="ArgumentException">The bytes are not those of the key, or a bound of <see cref="SkillLimits"/> is exceeded.</exception>
    [Alias("add"), ResponseTimeout("0.01:00:00")]
    Task<SkillVerdict> AddAsync(SkillPackage skill, string runner);

    /// <summary>The skill.</summary>
    /// <exception cref="KeyNotFoundException">There is no such skill.</exception>
    [Alias("get"), AlwaysInterleave, ReadOnly]
    Task<SkillPackage> GetAsync();

    /// <summary>Forgets the skill. Silos that have it compiled finish what they run.</summary>
    /// <exception cref="KeyNotFoundException">There is no such skill.</exception>
    [Alias("remove")]
    Task RemoveAsync();
}

/// <summary>The skills of a hive. It lives on the hub; its key is <see cref="Key"/>.</summary>
[Alias("hive.skill-index")]
public interface ISkillIndexGrain : IGrainWithStringKey
{
    /// <summary>The one key.</summary>
    const string Key = "skills";

    /// <summary>The skills, by name.</summary>
    [Alias("list"), AlwaysInterleave, ReadOnly]
    Task<SkillManifest[]> ListAsync();

    /// <summary>Lists a skill; called by the skill itself.</summary>
    /// <param name="skill">What the list shows of it.</param>
    [Alias("note")]
    Task NoteAsync(SkillManifest skill);

    /// <summary>Takes a skill off the list; called by the skill itself.</summary>
    /// <param name="address">The skill's address.</param>
    [Alias("forget")]
    Task ForgetAsync(string address);
}

/// <summary>Runs skills in the sandbox of one silo, which its key names as an agent's does (<c>tier@silo/skills</c>).</summary>
[Alias("hive.skill-runner")]
public interface ISkillRunnerGrain : IGrainWithStringKey
{
    /// <summary>Runs a skill's own tests.</summary>
    /// <param name="skill">The skill, which need not be stored yet.</param>
    /// <param name="cancellation">Stops the sandbox.</param>
    [Alias("test"), ResponseTimeout("0.01:00:00")]
    Task<SkillVerdict> TestAsync(SkillPackage skill, CancellationToken cancellation);

    /// <summary>Runs a skill once. It is fetched and compiled at its first use on this silo.</summary>
    /// <param name="address">The skill's address.</param>
    /// <param name="call">What it is given.</param>
    /// <param name="cancellation">Stops the sandbox.</param>
    /// <exception cref="KeyNotFoundException">There is no such skill.</exception>
    [Alias("run"), ResponseTimeout("0.01:00:00")]
    Task<SkillResult> RunAsync(string address, SkillCall call, CancellationToken cancellation);
}
