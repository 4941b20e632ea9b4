using Hive.Goals;
using Hive.Skills;

namespace Hive.Grains.Tests.Skills;

public sealed class SkillTestFileTests
{
    [Fact]
    public void The_shipped_file_is_read()
    {
        var file = SkillTestFile.Parse(File.ReadAllText(Repository.PathOf("examples/skills/sum.tests.json")));
        Assert.Equal(("sum", new SkillLimits(100_000_000, 1), 3), (file.Name, file.Limits, file.Tests.Length));
    }

    [Theory]
    [InlineData("{", "$")]
    [InlineData("[]", "$")]
    [InlineData("{}", "tests")]
    [InlineData("""{"tests": []}""", "tests")]
    [InlineData("""{"tests": [{}]}""", "tests[0].output")]
    [InlineData("""{"tests": [{"output": 5}]}""", "tests[0].output")]
    [InlineData("""{"tests": [{"output": "", "outptu": ""}]}""", "tests[0].outptu")]
    [InlineData("""{"tests": [{"output": ""}], "limits": {"fuel": 0}}""", "limits.fuel")]
    [InlineData("""{"tests": [{"output": "", "arguments": [1]}]}""", "tests[0].arguments[0]")]
    public void A_mistake_is_told_with_its_path(string json, string path) =>
        Assert.Equal(path, Assert.Single(Assert.Throws<GoalSpecException>(() => SkillTestFile.Parse(json)).Mistakes).Path);
}
