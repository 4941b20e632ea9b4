using System.Security.Cryptography;

namespace Hive.Skills;

/// <summary>What a skill must keep to before anything of it is stored or run.</summary>
public static class SkillRules
{
    private const long MaxFuel = 1_000_000_000_000_000;
    private const int MaxMemoryMiB = 1024;

    /// <summary>The address of a module: the SHA-256 of its bytes, in lower-case hexadecimal digits.</summary>
    /// <param name="module">The binary module.</param>
    public static string AddressOf(ReadOnlySpan<byte> module) => Convert.ToHexStringLower(SHA256.HashData(module));

    /// <summary>Checks a skill against its address and the bounds.</summary>
    /// <param name="skill">The skill.</param>
    /// <param name="address">The address it claims.</param>
    /// <exception cref="ArgumentException">A rule is broken; the message says which.</exception>
    public static void Check(SkillPackage skill, string address)
    {
        var manifest = skill.Manifest;
        Require(skill.Module.Length is > 0 and <= SkillLimits.MaxModuleBytes, $"a module has 1 to {SkillLimits.MaxModuleBytes:N0} bytes, this one {skill.Module.Length:N0}");
        Require(AddressOf(skill.Module.AsSpan()) == address && manifest.Address == address, $"the module is not the one of the address {address}");
        Require(manifest.Bytes == skill.Module.Length, $"the manifest speaks of {manifest.Bytes:N0} bytes, the module has {skill.Module.Length:N0}");
        Require(manifest.Name.Length is > 0 and <= 100, "a skill's name has 1 to 100 characters");
        Require(manifest.Limits.Fuel is > 0 and <= MaxFuel, $"fuel is 1 to {MaxFuel:N0}");
        Require(manifest.Limits.MemoryMiB is > 0 and <= MaxMemoryMiB, $"memory is 1 to {MaxMemoryMiB:N0} MiB");
        Require(manifest.Tests.Length is > 0 and <= SkillLimits.MaxTests, $"a skill has 1 to {SkillLimits.MaxTests:N0} tests; one without a test proves nothing");
        foreach (var test in manifest.Tests)
        {
            Require(
                test.Call.Input.Length <= SkillLimits.MaxText && test.Output.Length <= SkillLimits.MaxText && test.Call.Arguments.Length <= 1000,
                $"test '{test.Name}' is too long: input and output have at most {SkillLimits.MaxText:N0} characters, and there are at most 1,000 arguments");
        }
    }

    private static void Require(bool holds, string rule)
    {
        if (!holds)
        {
            throw new ArgumentException(rule);
        }
    }
}
