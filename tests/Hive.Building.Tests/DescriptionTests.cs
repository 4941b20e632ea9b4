namespace Hive.Building.Tests;

public class DescriptionTests
{
    [Fact]
    public async Task The_files_that_the_request_is_about_come_first()
    {
        using var user = new UserRepository(
            ("src/Parser.cs", "class Parser { }\n"), ("src/Printer.cs", "class Printer { /* prints invoices */ }\n"), ("src/Zebra.cs", "class Zebra { }\n"), ("README.md", "A compiler.\n"));
        await using var site = await user.OpenAsync();
        string[] Order(string description) => [.. description.Split('\n').Where(line => line.StartsWith("--- ", StringComparison.Ordinal)).Select(line => line[4..])];
        Assert.Equal("src/Zebra.cs", Order(await site.DescribeAsync("Make the zebra faster", 10_000, Sites.Cancellation))[0]);
        Assert.Equal("src/Printer.cs", Order(await site.DescribeAsync("invoices are wrong", 10_000, Sites.Cancellation))[0]);
        Assert.Equal(4, Order(await site.DescribeAsync("", 10_000, Sites.Cancellation)).Length);
    }

    [Fact]
    public async Task Secrets_are_not_named_binary_files_are_only_named_and_fences_hold()
    {
        using var user = new UserRepository((".env", "TOKEN=abc\n"), ("keys/a.pem", "PRIVATE\n"), ("a.md", "```sh\nrun\n```\n"), ("line\nfeed.txt", "x\n"));
        File.WriteAllBytes(user.PathOf("image.png"), [0, 1, 2]);
        user.Git("add", "--all");
        user.Git("commit", "--quiet", "--message", "More");
        await using var site = await user.OpenAsync();
        Assert.Equal("The repository has 2 files:\na.md\nimage.png\n\n--- a.md\n````\n```sh\nrun\n```\n````\n", await site.DescribeAsync("env token", 10_000, Sites.Cancellation));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(100)]
    [InlineData(1_000)]
    [InlineData(5_000)]
    public async Task A_description_is_never_longer_than_it_may_be(int most)
    {
        using var user = new UserRepository([.. Enumerable.Range(0, 60).Select(i => ($"folder{i % 20}/file{i}.txt", string.Concat(Enumerable.Repeat($"line of {i}\n", 100))))]);
        await using var site = await user.OpenAsync();
        var description = await site.DescribeAsync("change folder17 please", most, Sites.Cancellation);
        Assert.True(description.Length <= most, $"{description.Length} characters");
        Assert.Equal(most >= 1_000, description.Contains("--- folder17/", StringComparison.Ordinal));
    }
}
