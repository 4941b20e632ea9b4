namespace Hive.Building.Tests;

/// <summary>The developer loop's mechanics on a small repository in C#, built and run by the real SDK, without a network.</summary>
public class DotnetRepositoryTests
{
    private const string Project = """
        <Project Sdk="Microsoft.NET.Sdk">
          <PropertyGroup>
            <OutputType>Exe</OutputType>
            <TargetFramework>net10.0</TargetFramework>
            <UseAppHost>false</UseAppHost>
          </PropertyGroup>
        </Project>
        """;

    private const string Checks = """
        using System;

        Expect(3, Calculator.Add(1, 2));
        Expect(-1, Calculator.Subtract(1, 2));

        static void Expect(int expected, int actual)
        {
            if (expected != actual)
            {
                Console.Error.WriteLine($"expected {expected}, got {actual}");
                Environment.Exit(1);
            }
        }
        """;

    private const string Calculator = "public static class Calculator\n{\n    public static int Add(int a, int b) => a + b;\n}\n";

    [Fact]
    public async Task A_failing_patch_is_told_apart_from_the_one_that_mends_it_and_the_latter_is_published()
    {
        using var user = new UserRepository(
            ("Calculator.csproj", Project), ("Calculator.cs", Calculator), ("nuget.config", "<configuration><packageSources><clear /></packageSources></configuration>\n"), (".gitignore", "bin/\nobj/\n"));
        var before = user.Snapshot();
        await using var site = await user.OpenAsync();
        Assert.Contains("public static int Add", await site.DescribeAsync("Let the calculator subtract", 10_000, Sites.Cancellation), StringComparison.Ordinal);

        const string Add = "    public static int Add(int a, int b) => a + b;";
        string Reply(string sign) => Sites.Replacing("Calculator.cs", Add, $"{Add}\n\n    public static int Subtract(int a, int b) => a {sign} b;") + Sites.Writing("Checks.cs", Checks);
        await site.AppliedAsync("r0.t0.a0", Reply("+"));
        await site.AppliedAsync("r1.t0.a0", Reply("-"));
        var failing = await RunAsync("r0.t0.a0");
        var mended = await RunAsync("r1.t0.a0");

        Assert.False(failing.Passed);
        Assert.Contains("expected -1, got 3", failing.Output, StringComparison.Ordinal);
        Assert.True(mended.Passed, mended.Output);
        Assert.Equal(before, user.Snapshot());
        await site.PublishAsync("r1.t0.a0", "hive/g1", "Let the calculator subtract", Sites.Cancellation);
        Assert.Equal("Calculator.cs\nChecks.cs", user.Git("diff", "--name-only", "main", "hive/g1"));

        Task<TestResult> RunAsync(string tree) => site.TestAsync(tree, ["dotnet", "run", "--configuration", "Release"], TimeSpan.FromMinutes(5), Sites.Cancellation);
    }
}
