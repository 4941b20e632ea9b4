using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace Hive.Engine.Generator;

/// <summary>A grain class, with the code that makes an object of it.</summary>
internal sealed class ClassModel : IEquatable<ClassModel>
{
    private ClassModel(string registration, IEnumerable<Problem> problems)
    {
        Registration = registration;
        Problems = new EquatableList<Problem>(problems);
    }

    /// <summary>The entry in the project's list; empty where there are problems.</summary>
    public string Registration { get; }

    public EquatableList<Problem> Problems { get; }

    /// <summary>The model of a type, if it is a grain class.</summary>
    public static ClassModel? Of(INamedTypeSymbol type)
    {
        if (type.IsAbstract || !Names.Implements(type, "Orleans.IGrainBase") || !Names.Implements(type, "Orleans.IGrain")) return null;
        if (type.IsGenericType) return Unfit(type, "a grain class must not be generic");
        if (!Names.IsReachable(type)) return Unfit(type, "a grain class must be public or internal, and so must be what it is nested in");
        if (Constructor(type) is not { } constructor) return Unfit(type, "a grain class needs a public or internal constructor");
        var arguments = string.Join(", ", constructor.Parameters.Select(Argument));
        return new ClassModel(
            $"manifest.AddClass<{Names.Plain(type)}>({Names.Literal(GrainType(type))}, static services => new {Names.Plain(type)}({arguments}));", []);
    }

    public bool Equals(ClassModel? other) => other is not null && Registration == other.Registration && Problems.Equals(other.Problems);

    public override bool Equals(object? obj) => Equals(obj as ClassModel);

    public override int GetHashCode() => Registration.GetHashCode();

    private static ClassModel Unfit(INamedTypeSymbol type, string why) =>
        new(string.Empty, [new Problem("HIVEGRAIN002", $"{type.ToDisplayString()}: {why}", type.Locations.FirstOrDefault())]);

    private static IMethodSymbol? Constructor(INamedTypeSymbol type)
    {
        var constructors = type.InstanceConstructors
            .Where(static constructor => constructor.DeclaredAccessibility is Accessibility.Public or Accessibility.Internal or Accessibility.ProtectedOrInternal)
            .ToList();
        return constructors.FirstOrDefault(static constructor =>
                Names.Attribute(constructor, "Microsoft.Extensions.DependencyInjection.ActivatorUtilitiesConstructorAttribute") is not null)
            ?? constructors.OrderByDescending(static constructor => constructor.Parameters.Length).FirstOrDefault();
    }

    /// <summary>Orleans's rule: the name that an attribute gives, or the class's in lower case without a final <c>grain</c>.</summary>
    private static string GrainType(INamedTypeSymbol type)
    {
        const string Suffix = "grain";
        if (Names.AttributeText(type, "Orleans.GrainTypeAttribute") is { } given) return given;
        var name = type.Name.ToLowerInvariant();
        return name.EndsWith(Suffix, StringComparison.Ordinal) && name.Length > Suffix.Length ? name.Substring(0, name.Length - Suffix.Length) : name;
    }

    private static string Argument(IParameterSymbol parameter)
    {
        var type = Names.Plain(parameter.Type);
        if (Names.Attribute(parameter, "Orleans.Runtime.PersistentStateAttribute") is { } state && parameter.Type is INamedTypeSymbol { TypeArguments.Length: 1 } stateLink)
        {
            var names = state.ConstructorArguments;
            var storage = names.Length > 1 ? names[1].Value as string : null;
            return $"services.GetState<{Names.Plain(stateLink.TypeArguments[0])}>({Names.Literal(names[0].Value as string)}, {Names.Literal(storage)})";
        }

        if (Names.Attribute(parameter, "Microsoft.Extensions.DependencyInjection.FromKeyedServicesAttribute") is { ConstructorArguments.Length: 1 } keyed)
        {
            return $"services.GetKeyed<{type}>({keyed.ConstructorArguments[0].ToCSharpString()})";
        }

        return parameter is { HasExplicitDefaultValue: true, ExplicitDefaultValue: null, Type.IsReferenceType: true }
            ? $"services.GetOptional<{type}>()"
            : $"services.Get<{type}>()";
    }
}
