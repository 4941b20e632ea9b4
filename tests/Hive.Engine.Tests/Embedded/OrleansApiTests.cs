using System.Reflection;
using Microsoft.Extensions.Hosting;

namespace Hive.Engine.Tests.Embedded;

/// <summary>
/// Compares the engine's public types in Orleans's namespaces with the list of Orleans's own, which lies beside the repository where the
/// project is developed: whatever is here must be there, and the same.
/// </summary>
public class OrleansApiTests
{
    private const string ListPath = "shared/orleans-10-api.txt";

    [Fact]
    public void Every_public_type_and_member_in_Orleans_namespaces_is_one_of_Orleans_own()
    {
        var path = FindList();
        Assert.SkipWhen(path is null, $"The list of Orleans's public API ({ListPath}, beside the repository) is not on this machine.");
        var known = OrleansApiList.Read(path!);
        var types = typeof(Grain).Assembly.GetExportedTypes()
            .Where(type => type.Namespace is { } name && (name == "Orleans" || name.StartsWith("Orleans.", StringComparison.Ordinal) || name == typeof(IHost).Namespace))
            .ToList();
        Assert.NotEmpty(types);
        var strangers = types.SelectMany(type => Describe(type).Where(line => !known.Has(line)).Append(BasesProblem(type, known))).OfType<string>().ToList();
        Assert.True(strangers.Count == 0, $"Not in Orleans, or different there:\n{string.Join('\n', strangers)}");
    }

    [Fact]
    public void Whatever_is_public_is_in_a_namespace_of_Orleans_or_of_the_engine()
    {
        var strangers = typeof(Grain).Assembly.GetExportedTypes().Where(type =>
            type.Namespace is not { } name
            || !(name == "Orleans" || name.StartsWith("Orleans.", StringComparison.Ordinal) || name == typeof(IHost).Namespace || name.StartsWith("Hive.Engine", StringComparison.Ordinal)));
        Assert.Empty(strangers);
    }

    private static IEnumerable<string> Describe(Type type)
    {
        const BindingFlags Declared = BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly;
        yield return $"T:{OrleansApiList.Name(type)} | {OrleansApiList.KindOf(type)}";
        if (type.IsEnum)
        {
            foreach (var name in Enum.GetNames(type)) yield return $"F:{OrleansApiList.Name(type)}.{name} : {OrleansApiList.Name(type)} const";
            yield break;
        }

        foreach (var member in type.GetMembers(Declared))
        {
            if (OrleansApiList.Describe(member) is { } line) yield return line;
        }
    }

    private static string? BasesProblem(Type type, OrleansApiList known)
    {
        var mine = type.GetInterfaces().Where(one => one.IsPublic && one.Namespace!.StartsWith("Orleans", StringComparison.Ordinal)).Select(OrleansApiList.TypeName);
        var more = mine.Except(known.BasesOf(OrleansApiList.Name(type))).ToList();
        return more.Count == 0 ? null : $"{type} implements {string.Join(", ", more)}, which Orleans's does not";
    }

    private static string? FindList()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            var path = Path.Combine(folder.FullName, ListPath);
            if (File.Exists(path)) return path;
        }

        return null;
    }
}
