using System.Text.RegularExpressions;

namespace Hive.Building;

/// <summary>The folders of one goal's site, and the commit it builds on.</summary>
/// <param name="Folder">All that is kept for the goal.</param>
/// <param name="UserRepository">The git directory of the user's repository.</param>
/// <param name="BaseCommit">What everything is built on.</param>
internal sealed partial record Site(string Folder, string UserRepository, string BaseCommit)
{
    /// <summary>The goal's own bare repository, which borrows the objects of the user's.</summary>
    public string Repository => RepositoryIn(Folder);

    /// <summary>Where work trees are checked out.</summary>
    public string Trees => Path.Combine(Folder, "trees");

    /// <summary>Where git's indexes are while trees are made.</summary>
    public string Indexes => Path.Combine(Folder, "indexes");

    /// <summary>Where the goal's own repository is.</summary>
    /// <param name="folder">The site's folder.</param>
    public static string RepositoryIn(string folder) => Path.Combine(folder, "repository.git");

    /// <summary>The reference that holds what an attempt made.</summary>
    /// <param name="tree">The attempt's or joined tree's id.</param>
    public static string ReferenceOf(string tree) => "refs/hive/trees/" + RequireId(tree, "tree");

    /// <summary>Refuses an id that is no plain name of a folder and of a part of a reference.</summary>
    /// <param name="id">The id.</param>
    /// <param name="what">Whose it is.</param>
    /// <exception cref="ArgumentException">It has other characters or is too long.</exception>
    public static string RequireId(string id, string what) =>
        PlainId().IsMatch(id) && !id.Contains("..", StringComparison.Ordinal) && !id.EndsWith('.') && !id.EndsWith(".lock", StringComparison.OrdinalIgnoreCase)
            ? id
            : throw new ArgumentException($"'{id}' cannot be the id of a {what}: up to 100 letters, digits, '.', '-' and '_', the first a letter or a digit.", nameof(id));

    [GeneratedRegex(@"\A[A-Za-z0-9][A-Za-z0-9._-]{0,99}\z", RegexOptions.CultureInvariant)]
    private static partial Regex PlainId();
}
