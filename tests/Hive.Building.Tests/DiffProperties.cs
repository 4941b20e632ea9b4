using FsCheck;
using FsCheck.Fluent;

namespace Hive.Building.Tests;

public class DiffProperties
{
    private static readonly Config Few = Config.QuickThrowOnFailure.WithMaxTest(8);

    [Fact]
    public void A_diff_makes_the_tree_that_it_was_taken_from_whatever_the_files_hold()
    {
        var line = Gen.Elements("", "a", "b  ", "\tc", "ü€🐝", "--- a/x", "+++ b/x", "@@ -1 +1 @@", "diff --git a/x b/x", "\\ No newline at end of file", "\u0001\u001b[2J", "GIT binary patch", "=======", "\ufeff");
        var before = line.ListOf().SelectMany(lines => Gen.Elements("\n", "\r\n", "\r", "\n\n", "").Select(end => string.Join(end, lines)));
        var after = line.ListOf().Select(lines => string.Join('\n', lines));
        var pairs = before.SelectMany(one => after.Select(other => (Before: one, After: other))).ListOf(5).ToArbitrary();
        Check.One(Few, Prop.ForAll(pairs, async given =>
        {
            using var user = new UserRepository([.. given.Select((pair, i) => ($"dir/f {i}.txt", pair.Before))]);
            await using var site = await user.OpenAsync();
            var diff = await site.AppliedAsync("x", string.Concat(given.Select((pair, i) => Sites.Writing($"dir/f {i}.txt", pair.After) + Sites.Writing($"new/ä{i}", pair.After))));
            var merged = await site.MergeAsync("join", [diff], Sites.Cancellation);
            Assert.Empty(merged.LeftOut);
            Assert.Equal(diff, merged.Diff);
            await site.PublishAsync("x", "hive/x", "x", Sites.Cancellation);
            await site.PublishAsync("join", "hive/join", "join", Sites.Cancellation);
            Assert.Equal(user.Git("rev-parse", "hive/x^{tree}"), user.Git("rev-parse", "hive/join^{tree}"));
        }));
    }
}
