using FsCheck;
using FsCheck.Fluent;
using Hive.Cognition.Agents;
using Hive.Cognition.Prompts;

namespace Hive.Cognition.Tests.Agents;

public sealed class RolesTests
{
    [Fact]
    public void All_roles_come_before_any_comes_again() =>
        Assert.Equal([Role.Explorer, Role.Sceptic, Role.Tester, Role.Scout, Role.Explorer], Enumerable.Range(0, 5).Select(Roles.Of));

    [Fact]
    public void Every_role_has_its_prompt()
    {
        var library = PromptLibrary.Load(null);
        Assert.Equal(Enum.GetValues<Role>().Length, Enum.GetValues<Role>().Select(role => library.Render(Roles.PromptOf(role))).Distinct().Count());
    }

    [Fact]
    public void Temperatures_begin_in_the_middle_and_fill_the_range() =>
        Assert.Equal([1, 0.5, 1.5, 0.25, 1.25, 0.75, 1.75], Enumerable.Range(0, 7).Select(attempt => Roles.Temperature(attempt, new(0, 2))));

    [Fact]
    public void However_many_attempts_there_are_no_gap_between_their_temperatures_is_wide() => Prop.ForAll(Gen.Choose(1, 500).ToArbitrary(), count =>
    {
        var temperatures = Enumerable.Range(0, count).Select(attempt => Roles.Temperature(attempt, new(0.2, 1.2))).Append(0.2).Append(1.2).Order().ToArray();
        return temperatures.Zip(temperatures.Skip(1), (low, high) => high - low).Max() <= (2.0 / (count + 1)) + 1e-12;
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void The_greatest_attempt_has_a_temperature_and_none_before_the_first()
    {
        Assert.InRange(Roles.Temperature(int.MaxValue, new(0.2, 1)), 0.2, 1);
        Assert.Throws<ArgumentOutOfRangeException>(() => Roles.Temperature(-1, new(0, 1)));
        Assert.Throws<ArgumentOutOfRangeException>(() => Roles.Of(-1));
    }
}
