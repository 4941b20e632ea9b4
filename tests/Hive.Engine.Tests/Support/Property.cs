using FsCheck;
using FsCheck.Fluent;

namespace Hive.Engine.Tests.Support;

/// <summary>Checks that something holds for many random cases; a failure names the case and the seed that brings it back.</summary>
internal static class Property
{
    public static void ForAll<T>(Gen<T> cases, int count, Func<T, Task> check) =>
        Check.One(
            Config.QuickThrowOnFailure.WithMaxTest(count),
            Prop.ForAll(Arb.From(cases), one => Task.Run(() => check(one)).GetAwaiter().GetResult()));
}
