using FsCheck;
using FsCheck.Fluent;
using Hive.Cognition.Ledgers;

namespace Hive.Cognition.Tests.Ledgers;

/// <summary>A ledger beside a model of it that is as simple as can be, through random lives.</summary>
public sealed class LedgerProperties
{
    private const long Tokens = 1_000;
    private const decimal Money = 5m;
    private const long CoreCalls = 6;
    private static readonly string[] Tiers = ["edge", "core"];

    private static KeyValuePair<string, long>[] Allowed => [KeyValuePair.Create("core", CoreCalls)];

    [Fact]
    public void What_is_spent_and_set_aside_never_exceeds_the_budget_whatever_calls_say_they_cost() =>
        Prop.ForAll<(byte, byte, short, short)[]>(life =>
        {
            var (ledger, model) = (new Ledger(Tokens, Money, Allowed), new Model());
            foreach (var step in life)
            {
                Live(ledger, model, step);
                Agree(ledger, model);
            }
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void Reserving_and_settling_again_change_nothing() =>
        Prop.ForAll<(byte, byte, short, short)[]>(life =>
        {
            var (once, twice) = (new Ledger(Tokens, Money, Allowed), new Ledger(Tokens, Money, Allowed));
            foreach (var (ledger, times) in new[] { (once, 1), (twice, 2) })
            {
                foreach (var (kind, place, tokens, money) in life)
                {
                    var id = $"{place % 8}";
                    for (var i = 0; i < times; i++)
                    {
                        if (kind % 2 == 1)
                        {
                            ledger.Settle(id, tokens, money);
                        }
                        else if (ledger.Open.Any(open => open.Id == id) || ledger.Lacking(Tiers[place % 2], 1, Math.Abs((long)tokens), 0) is null)
                        {
                            ledger.Reserve(id, Tiers[place % 2], 1, Math.Abs((long)tokens), 0);
                        }
                    }
                }
            }

            Assert.Equal(State(once), State(twice));
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void More_budget_makes_room_and_what_had_no_bound_still_has_none()
    {
        var ledger = new Ledger(10, null, Allowed);
        Assert.NotNull(ledger.Lacking("edge", 1, 11, 1_000_000m));
        Assert.NotNull(ledger.LackingForGood("edge", 1, 11, 0));
        ledger.Add(1, 7m, [KeyValuePair.Create("edge", 1L)]);
        Assert.Null(ledger.Lacking("edge", 1_000, 11, 1_000_000m));
        Assert.Null(ledger.MoneyAllowed);
    }

    [Fact]
    public void What_lacks_only_while_others_are_under_way_does_not_lack_for_good()
    {
        var ledger = new Ledger(10, null, []);
        ledger.Reserve("other", "edge", 1, 6, 0);
        Assert.NotNull(ledger.Lacking("edge", 1, 5, 0));
        Assert.Null(ledger.LackingForGood("edge", 1, 5, 0));
        ledger.Settle("other", 5, 0);
        Assert.Null(ledger.Lacking("edge", 1, 5, 0));
    }

    /// <summary>One step of a life: a call is made where the budget allows it, or one that is open is settled by whatever it says.</summary>
    private static void Live(Ledger ledger, Model model, (byte Kind, byte Place, short Tokens, short Money) step)
    {
        var (tokens, money) = (Math.Abs((long)step.Tokens) % 400, Math.Abs((decimal)step.Money) % 3 / 2);
        var tier = Tiers[step.Place % 2];
        if (step.Kind % 2 == 0)
        {
            var isAllowed = model.Spent + model.SetAside + tokens <= Tokens
                && model.Money + model.MoneySetAside + money <= Money
                && (tier != "core" || model.CoreCalls < CoreCalls);
            Assert.Equal(isAllowed, ledger.Lacking(tier, 1, tokens, money) is null);
            if (isAllowed)
            {
                var id = $"c{model.Made++}";
                ledger.Reserve(id, tier, 1, tokens, money);
                model.Open.Add((id, tokens, money));
                model.CoreCalls += tier == "core" ? 1 : 0;
            }
        }
        else if (model.Open.Count > 0)
        {
            var (id, most, mostMoney) = model.Open[step.Place % model.Open.Count];
            model.Open.RemoveAt(step.Place % model.Open.Count);
            ledger.Settle(id, step.Tokens, step.Money);
            model.Spent += Math.Clamp(step.Tokens, 0, most);
            model.Money += Math.Clamp(step.Money, 0, mostMoney);
        }
    }

    private static void Agree(Ledger ledger, Model model)
    {
        Assert.Equal((model.Spent, model.Money, model.Open.Count), (ledger.Tokens, ledger.Money, ledger.Open.Count));
        Assert.InRange(ledger.Tokens + ledger.Open.Sum(open => open.Tokens), 0, Tokens);
        Assert.InRange(ledger.Money + ledger.Open.Sum(open => open.Money), 0, Money);
        Assert.InRange(ledger.Calls.GetValueOrDefault("core"), 0, CoreCalls);
        Assert.Equal(ledger.Tokens, ledger.TierTokens.Values.Sum());
    }

    private static string State(Ledger ledger) => string.Join('\n',
        [
            FormattableString.Invariant($"{ledger.Tokens} {ledger.Money} {ledger.TokensWrittenOff}"),
            .. ledger.Open.OrderBy(open => open.Id, StringComparer.Ordinal).Select(open => open.ToString()),
            .. ledger.Calls.Where(calls => calls.Value > 0).OrderBy(calls => calls.Key, StringComparer.Ordinal).Select(calls => calls.ToString()),
        ]);

    private sealed class Model
    {
        public List<(string Id, long Tokens, decimal Money)> Open { get; } = [];

        public long Spent { get; set; }

        public decimal Money { get; set; }

        public long CoreCalls { get; set; }

        public int Made { get; set; }

        public long SetAside => Open.Sum(open => open.Tokens);

        public decimal MoneySetAside => Open.Sum(open => open.Money);
    }
}
