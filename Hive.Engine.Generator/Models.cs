using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Text;

namespace Hive.Engine.Generator;

/// <summary>A list that equals another of the same items, so that the compiler can tell when nothing has changed.</summary>
internal sealed class EquatableList<T>(IEnumerable<T> items) : IEquatable<EquatableList<T>>
    where T : IEquatable<T>
{
    public IReadOnlyList<T> Items { get; } = items.ToList();

    public bool Equals(EquatableList<T>? other) => other is not null && Items.SequenceEqual(other.Items);

    public override bool Equals(object? obj) => Equals(obj as EquatableList<T>);

    public override int GetHashCode() => Items.Aggregate(17, static (hash, item) => unchecked((hash * 31) + item.GetHashCode()));
}

/// <summary>Something that the engine cannot serve, and where it is written.</summary>
internal sealed class Problem(string id, string message, Location? location) : IEquatable<Problem>
{
    private readonly string _path = location?.SourceTree?.FilePath ?? string.Empty;
    private readonly TextSpan _span = location?.SourceSpan ?? default;
    private readonly LinePositionSpan _lines = location?.GetLineSpan().Span ?? default;

    public string Id { get; } = id;

    public string Message { get; } = message;

    public bool Equals(Problem? other) =>
        other is not null && Id == other.Id && Message == other.Message && _path == other._path && _span == other._span;

    public override bool Equals(object? obj) => Equals(obj as Problem);

    public override int GetHashCode() => Message.GetHashCode();

    public Diagnostic ToDiagnostic() => Diagnostic.Create(
        new DiagnosticDescriptor(Id, "Grain", "{0}", "Hive.Engine", DiagnosticSeverity.Error, isEnabledByDefault: true),
        Location.Create(_path, _span, _lines),
        Message);
}

/// <summary>What the project's list needs to know of the project.</summary>
internal sealed class AssemblyModel(string @namespace, bool knowsEngine, EquatableList<string> manifests) : IEquatable<AssemblyModel>
{
    private const string ManifestAttribute = "Hive.Engine.GrainManifestAttribute";

    public string Namespace { get; } = @namespace;

    /// <summary>Whether the project can use the engine at all.</summary>
    public bool KnowsEngine { get; } = knowsEngine;

    /// <summary>The lists of the projects that this one uses.</summary>
    public EquatableList<string> Manifests { get; } = manifests;

    public static AssemblyModel Of(Compilation compilation) => new(
        "Hive.Engine.Generated." + Names.Identifier(compilation.AssemblyName ?? "Application"),
        compilation.GetTypeByMetadataName(ManifestAttribute) is not null,
        new EquatableList<string>(compilation.SourceModule.ReferencedAssemblySymbols.SelectMany(static assembly => assembly.GetAttributes())
            .Where(static attribute => attribute.AttributeClass?.ToDisplayString() == ManifestAttribute)
            .Select(static attribute => attribute.ConstructorArguments[0].Value)
            .OfType<INamedTypeSymbol>()
            .Select(static type => type.ToDisplayString(SymbolDisplayFormat.FullyQualifiedFormat))));

    public bool Equals(AssemblyModel? other) =>
        other is not null && Namespace == other.Namespace && KnowsEngine == other.KnowsEngine && Manifests.Equals(other.Manifests);

    public override bool Equals(object? obj) => Equals(obj as AssemblyModel);

    public override int GetHashCode() => Namespace.GetHashCode();
}
