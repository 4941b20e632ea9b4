using FsCheck;
using FsCheck.Fluent;

namespace Hive.Building.Tests;

public class EditPathTests
{
    [Theory]
    [InlineData("a")]
    [InlineData("src/Hive.Building/EditPath.cs")]
    [InlineData(".github/workflows/ci.yml")]
    [InlineData(".gitignore")]
    [InlineData(".gitattributes")]
    [InlineData("docs/Über uns.md")]
    [InlineData(".env.example")]
    [InlineData("a/..b/c..d")]
    public void Ordinary_paths_are_allowed(string path) => Assert.Null(EditPath.Check(path));

    [Theory]
    [InlineData("")]
    [InlineData("/etc/passwd")]
    [InlineData("../outside")]
    [InlineData("a/../../outside")]
    [InlineData("a/./b")]
    [InlineData("a//b")]
    [InlineData("a/")]
    [InlineData(".")]
    [InlineData("..")]
    [InlineData(".git")]
    [InlineData(".git/config")]
    [InlineData(".GIT/hooks/pre-commit")]
    [InlineData("sub/.Git/config")]
    [InlineData("git~1/config")]
    [InlineData("GIT~2")]
    [InlineData(".git./config")]
    [InlineData(".git /config")]
    [InlineData(".git::$INDEX_ALLOCATION/config")]
    [InlineData(".g\u200Cit/config")]
    [InlineData(".git\uFEFF/config")]
    [InlineData("..\\outside")]
    [InlineData("C:/Windows")]
    [InlineData("a\nb")]
    [InlineData("a\0b")]
    [InlineData("a\u001b[2Jb")]
    [InlineData("a\u202Eb")]
    [InlineData("a\uD800b")]
    [InlineData(" a")]
    [InlineData("a*")]
    public void Paths_that_lead_elsewhere_into_git_or_could_pass_for_others_are_refused(string path) => Assert.NotNull(EditPath.Check(path));

    [Theory]
    [InlineData(".env")]
    [InlineData("deploy/.env.production")]
    [InlineData("keys/server.PEM")]
    [InlineData("home/.ssh/id_rsa")]
    [InlineData(".npmrc")]
    public void Files_of_secrets_are_refused(string path) => Assert.Contains("secrets", EditPath.Check(path), StringComparison.Ordinal);

    [Fact]
    public void A_path_may_have_400_characters()
    {
        Assert.Null(EditPath.Check(new string('a', 400)));
        Assert.NotNull(EditPath.Check(new string('a', 401)));
    }

    [Fact]
    public void What_is_allowed_stays_inside_and_outside_git() => Prop.ForAll(
        Gen.Elements("a", "b.cs", "..", ".", "", ".git", ".GIT", "git~1", "src", ".git ", "C:", "\\", "x\t").ListOf().Select(parts => string.Join('/', parts)).ToArbitrary(),
        path => EditPath.Check(path) is not null
            || (Path.GetFullPath(path, "/root/in").StartsWith("/root/in/", StringComparison.Ordinal)
                && path.Split('/').All(part => part is "a" or "b.cs" or "src"))).QuickCheckThrowOnFailure();
}
