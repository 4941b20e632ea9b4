using System.Collections.Immutable;

namespace Hive.Skills;

/// <summary>What a skill may cost in one run.</summary>
/// <param name="Fuel">How much work, in units of fuel; 1 to 10¹⁵.</param>
/// <param name="MemoryMiB">How much memory, in MiB; 1 to 1,024.</param>
[GenerateSerializer, Immutable, Alias("hive.skill-limits")]
public sealed record SkillLimits([property: Id(0)] long Fuel, [property: Id(1)] int MemoryMiB)
{
    /// <summary>The largest module, in bytes.</summary>
    public const int MaxModuleBytes = 8 << 20;

    /// <summary>The most tests of a skill.</summary>
    public const int MaxTests = 1_000;

    /// <summary>The most characters of a run's input, and of its output.</summary>
    public const int MaxText = 1 << 20;

    /// <summary>Some seconds of work and 64 MiB.</summary>
    public static SkillLimits Default { get; } = new(10_000_000_000, 64);
}

/// <summary>One test of a skill: given this, it must answer that.</summary>
/// <param name="Name">The test's name.</param>
/// <param name="Call">What the skill is given.</param>
/// <param name="Output">What it must print, white space at the end not counted.</param>
/// <param name="ExitCode">The exit code it must end with.</param>
[GenerateSerializer, Immutable, Alias("hive.skill-test")]
public sealed record SkillTest([property: Id(0)] string Name, [property: Id(1)] SkillCall Call, [property: Id(2)] string Output, [property: Id(3)] int ExitCode);

/// <summary>What a skill is given in one run.</summary>
/// <param name="Arguments">Its arguments, without its own name.</param>
/// <param name="Input">Its standard input.</param>
[GenerateSerializer, Immutable, Alias("hive.skill-call")]
public sealed record SkillCall([property: Id(0)] ImmutableArray<string> Arguments, [property: Id(1)] string Input);

/// <summary>What a skill is, without its code.</summary>
/// <param name="Address">The SHA-256 of its module, 64 hexadecimal digits.</param>
/// <param name="Name">A name for people; several skills may share one.</param>
/// <param name="Bytes">The module's size.</param>
/// <param name="Limits">What one run may cost.</param>
/// <param name="Tests">The tests that it passed.</param>
[GenerateSerializer, Immutable, Alias("hive.skill-manifest")]
public sealed record SkillManifest(
    [property: Id(0)] string Address,
    [property: Id(1)] string Name,
    [property: Id(2)] int Bytes,
    [property: Id(3)] SkillLimits Limits,
    [property: Id(4)] ImmutableArray<SkillTest> Tests);

/// <summary>A skill as it travels: its manifest and its module.</summary>
/// <param name="Manifest">What it is.</param>
/// <param name="Module">The binary module.</param>
[GenerateSerializer, Immutable, Alias("hive.skill-package")]
public sealed record SkillPackage([property: Id(0)] SkillManifest Manifest, [property: Id(1)] ImmutableArray<byte> Module);

/// <summary>What a run came to.</summary>
/// <param name="ExitCode">The exit code; absent where the skill was stopped.</param>
/// <param name="Output">Its standard output.</param>
/// <param name="Error">Its standard error.</param>
/// <param name="Fuel">How much work it did: the same on every machine.</param>
/// <param name="Failure">Why it was stopped; absent where it was not.</param>
[GenerateSerializer, Immutable, Alias("hive.skill-result")]
public sealed record SkillResult(
    [property: Id(0)] int? ExitCode,
    [property: Id(1)] string Output,
    [property: Id(2)] string Error,
    [property: Id(3)] long Fuel,
    [property: Id(4)] string? Failure);

/// <summary>What a skill's own tests showed.</summary>
/// <param name="Passed">How many passed.</param>
/// <param name="Failures">Why the others failed, a line each.</param>
[GenerateSerializer, Immutable, Alias("hive.skill-verdict")]
public sealed record SkillVerdict([property: Id(0)] int Passed, [property: Id(1)] ImmutableArray<string> Failures);
