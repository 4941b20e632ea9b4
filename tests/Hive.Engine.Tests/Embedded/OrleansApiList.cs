using System.Reflection;
using System.Runtime.CompilerServices;

namespace Hive.Engine.Tests.Embedded;

/// <summary>Orleans's public API, a line a type or member, and the way to write such a line for a reflected one.</summary>
internal sealed class OrleansApiList
{
    private readonly HashSet<string> _lines;
    private readonly Dictionary<string, HashSet<string>> _bases = [];

    private OrleansApiList(IEnumerable<string> lines)
    {
        _lines = new HashSet<string>(StringComparer.Ordinal);
        foreach (var line in lines.Where(line => !line.StartsWith('#')))
        {
            if (!line.StartsWith("T:", StringComparison.Ordinal))
            {
                _lines.Add(line);
                continue;
            }

            // T:Name | kind : bases | assembly
            var parts = line.Split(" | ");
            var kind = parts[1].Split(" : ", 2);
            _lines.Add($"{parts[0]} | {kind[0]}");
            _bases[parts[0][2..]] = kind.Length == 1 ? [] : [.. SplitArguments(kind[1])];
        }
    }

    public static OrleansApiList Read(string path) => new(File.ReadLines(path));

    public static string Name(Type type) => (type.FullName ?? $"{type.Namespace}.{type.Name}").Replace('+', '.');

    public static string KindOf(Type type)
    {
        if (type.IsInterface) return "interface";
        if (type.IsEnum) return "enum";
        if (type.IsValueType) return "struct";
        return (type.IsAbstract, type.IsSealed) switch
        {
            (true, true) => "static class",
            (true, false) => "abstract class",
            (false, true) => "sealed class",
            _ => "class",
        };
    }

    public static string TypeName(Type type)
    {
        if (type.IsGenericParameter) return (type.DeclaringMethod is null ? "`" : "``") + type.GenericParameterPosition;
        if (type.IsByRef) return TypeName(type.GetElementType()!) + "@";
        if (type.IsArray) return TypeName(type.GetElementType()!) + "[]";
        if (!type.IsGenericType || type.IsGenericTypeDefinition) return Name(type);
        var name = Name(type.GetGenericTypeDefinition());
        return $"{name[..name.IndexOf('`', StringComparison.Ordinal)]}{{{string.Join(',', type.GetGenericArguments().Select(TypeName))}}}";
    }

    /// <summary>The line of a member; null for one that is not public, or that the list leaves out.</summary>
    public static string? Describe(MemberInfo member) => member switch
    {
        ConstructorInfo constructor => IsVisible(constructor) && !constructor.IsStatic && !IsImplicitStruct(constructor) ? Method(constructor, "#ctor", null) : null,
        MethodInfo method => IsVisible(method) && !method.IsSpecialName && !method.Name.Contains('<', StringComparison.Ordinal) && !method.Name.Contains('.', StringComparison.Ordinal)
            ? Method(method, method.Name, method.ReturnType)
            : null,
        PropertyInfo property => Property(property),
        FieldInfo field => field.IsPublic || field.IsFamily || field.IsFamilyOrAssembly
            ? $"F:{Name(field.DeclaringType!)}.{field.Name} : {TypeName(field.FieldType)}{(field.IsLiteral ? " const" : string.Empty)}"
            : null,
        _ => null,
    };

    public bool Has(string line) => _lines.Contains(line)

        // The list says "virtual" of what a derived class may override as well as of what overrides; whether it may be overridden further is no use to callers.
        || _lines.Contains(line + " virtual") || (line.EndsWith(" virtual", StringComparison.Ordinal) && _lines.Contains(line[..^" virtual".Length]));

    public IEnumerable<string> BasesOf(string type) => _bases.TryGetValue(type, out var bases) ? bases : [];

    private static bool IsVisible(MethodBase method) => method.IsPublic || method.IsFamily || method.IsFamilyOrAssembly;

    private static bool IsImplicitStruct(ConstructorInfo constructor) => constructor.DeclaringType!.IsValueType && constructor.GetParameters().Length == 0;

    private static string Method(MethodBase method, string name, Type? returns)
    {
        var arity = method.IsGenericMethod ? $"``{method.GetGenericArguments().Length}" : string.Empty;
        var parameters = string.Join(',', method.GetParameters().Select(parameter => TypeName(parameter.ParameterType) + (parameter.HasDefaultValue ? "=" : string.Empty)));
        var line = $"M:{Name(method.DeclaringType!)}.{name}{arity}{(parameters.Length > 0 ? $"({parameters})" : string.Empty)}";
        if (returns is not null) line += $" -> {TypeName(returns)}";
        if (method.IsStatic) line += " static";
        if (method.IsFamily || method.IsFamilyOrAssembly) line += " protected";
        if (method.DeclaringType!.IsInterface || !method.IsVirtual || method.IsFinal) return line;
        return line + (method.IsAbstract ? " abstract" : " virtual");
    }

    private static string? Property(PropertyInfo property)
    {
        var get = property.GetMethod is { } getter && IsVisible(getter);
        var set = property.SetMethod is { } setter && IsVisible(setter);
        if ((!get && !set) || property.Name.Contains('.', StringComparison.Ordinal)) return null;
        return $"P:{Name(property.DeclaringType!)}.{property.Name} : {TypeName(property.PropertyType)}{(get ? " get" : string.Empty)}{(set ? " set" : string.Empty)}";
    }

    private static IEnumerable<string> SplitArguments(string list)
    {
        var depth = 0;
        var start = 0;
        for (var i = 0; i <= list.Length; i++)
        {
            if (i == list.Length || (list[i] == ',' && depth == 0))
            {
                yield return list[start..i].Trim();
                start = i + 1;
            }
            else if (list[i] is '{')
            {
                depth++;
            }
            else if (list[i] is '}')
            {
                depth--;
            }
        }
    }
}
