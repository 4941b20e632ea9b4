using Hive.Client;
using Hive.Client.Grid;
using Hive.Goals;
using Hive.Nats;
using Hive.Silo.Hosting;

namespace Hive.Silo.Tests.Grid;

/// <summary>What each role may do by the configuration that Hive ships, and what it may not.</summary>
public sealed class SecurityTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Hub_silo_and_client_do_their_work_each_under_its_own_user()
    {
        await using var guarded = await GuardedServer.StartAsync();
        await using var hub = await StartAsync(guarded, "hub", isHub: true);
        await using var silo = await StartAsync(guarded, "silo", isHub: false);
        await using var client = await GridHive.ConnectAsync(guarded.Grid("client"), cancellation: Cancellation);
        var id = await client.SubmitAsync(GoalFile.Parse(Commands.Goals.Small), "first", Cancellation);
        Assert.Equal("client-first", id);
        var status = await client.WaitAsync(id, Cancellation);
        Assert.Equal(GoalState.Done, status.State);
        Assert.Equal(id, Assert.Single(await client.ListAsync(cancellation: Cancellation)).Id);
    }

    [Fact]
    public async Task A_client_neither_sees_nor_touches_the_goals_of_others_and_the_administrator_sees_all()
    {
        await using var guarded = await GuardedServer.StartAsync();
        await using var hub = await StartAsync(guarded, "hub", isHub: true);
        var others = await hub.Hive.SubmitAsync(GoalFile.Parse(Commands.Goals.Small), "another-goal", Cancellation);
        await using var client = await GridHive.ConnectAsync(guarded.Grid("client"), cancellation: Cancellation);
        await Assert.ThrowsAsync<KeyNotFoundException>(() => client.GetAsync(others, Cancellation));
        await Assert.ThrowsAsync<KeyNotFoundException>(() => client.CancelAsync(others, cancellation: Cancellation));
        await Assert.ThrowsAsync<KeyNotFoundException>(async () => await client.WatchAsync(others, 0, Cancellation).FirstAsync(Cancellation));
        Assert.Empty(await client.ListAsync(cancellation: Cancellation));
        await using var admin = await GridHive.ConnectAsync(guarded.Grid("admin"), cancellation: Cancellation);
        Assert.Equal(others, (await admin.GetAsync(others, Cancellation)).Id);
    }

    [Theory]
    [InlineData("client", "hive.hive.api.admin.list")]
    [InlineData("client", "hive.hive.hub.announce")]
    [InlineData("client", "hive.hive.announce.hub")]
    [InlineData("client", "hive.hive.silo.silo.0123")]
    [InlineData("client", "hive.hive.bus.leaderboard")]
    [InlineData("client", "_INBOX.hive.hub.0123")]
    [InlineData("silo", "hive.hive.announce.hub")]
    [InlineData("silo", "hive.hive.silo.silo.0123")]
    [InlineData("silo", "hive.hive.api.admin.list")]
    [InlineData("silo", "_INBOX.hive.client.0123")]
    [InlineData("hub", "hive.hive.api.client.submit")]
    [InlineData("admin", "hive.hive.hub.announce")]
    [InlineData("admin", "hive.other.api.admin.list")]
    public async Task A_role_may_not_publish_where_another_speaks(string user, string subject)
    {
        await using var guarded = await GuardedServer.StartAsync();
        await using var connection = await guarded.ConnectAsync(user);
        var refused = await Assert.ThrowsAsync<NatsException>(async () =>
            await connection.RequestAsync(subject, "{}"u8.ToArray(), TimeSpan.FromSeconds(20), cancellation: Cancellation));
        Assert.Equal(NatsErrorKind.PermissionsViolation, refused.Kind);
    }

    [Theory]
    [InlineData("client", "hive.hive.api.>")]
    [InlineData("client", "hive.hive.hub.>")]
    [InlineData("client", "hive.hive.announce.hub")]
    [InlineData("client", "hive.hive.bus.>")]
    [InlineData("client", "_INBOX.>")]
    [InlineData("client", "_INBOX.hive.admin.>")]
    [InlineData("silo", "hive.hive.hub.announce")]
    [InlineData("silo", "hive.hive.api.>")]
    [InlineData("silo", "hive.hive.silo.other.>")]
    [InlineData("silo", "_INBOX.hive.hub.>")]
    [InlineData("hub", "_INBOX.hive.client.>")]
    [InlineData("admin", "hive.>")]
    public async Task A_role_may_not_listen_where_another_is_spoken_to(string user, string subject)
    {
        await using var guarded = await GuardedServer.StartAsync();
        await using var connection = await guarded.ConnectAsync(user);
        await using var subscription = await connection.SubscribeAsync(subject, (in NatsMessageView _) => { }, cancellation: Cancellation);
        var refused = await Assert.ThrowsAsync<NatsException>(() => subscription.Completion.WaitAsync(Cancellation));
        Assert.Equal(NatsErrorKind.PermissionsViolation, refused.Kind);
    }

    [Fact]
    public async Task A_silo_that_claims_to_be_the_hub_is_told_that_it_may_not()
    {
        await using var guarded = await GuardedServer.StartAsync();
        var refused = await Assert.ThrowsAnyAsync<Exception>(() => StartAsync(guarded, "silo", isHub: true));
        Assert.Contains("may not join the grid", refused.Message, StringComparison.Ordinal);
    }

    private static Task<RunningSilo> StartAsync(GuardedServer guarded, string user, bool isHub) => RunningSilo.StartAsync(
        options => (options.Name, options.Database, options.IsHub, options.Grid) = (user, HiveOptions.InMemory, isHub, guarded.Grid(user)), Cancellation);
}
