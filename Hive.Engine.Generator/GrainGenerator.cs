using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Hive.Engine.Generator;

/// <summary>
/// Writes, for every grain interface of a project, a reference class and a call class a method, for every type that travels a codec, and for the project one list of its grain
/// interfaces, grain classes and the lists of the projects that it uses, so that a host starts without looking into assemblies.
/// </summary>
[Generator(LanguageNames.CSharp)]
public sealed class GrainGenerator : IIncrementalGenerator
{
    /// <inheritdoc/>
    public void Initialize(IncrementalGeneratorInitializationContext context)
    {
        var interfaces = context.SyntaxProvider.CreateSyntaxProvider(
            static (node, _) => node is InterfaceDeclarationSyntax { BaseList: not null },
            static (context, token) => DeclaredOnce(context, token) is { } type ? InterfaceModel.Of(type) : null)
            .Where(static model => model is not null).Select(static (model, _) => model!);
        var classes = context.SyntaxProvider.CreateSyntaxProvider(
            static (node, _) => node is ClassDeclarationSyntax { BaseList: not null },
            static (context, token) => DeclaredOnce(context, token) is { } type ? ClassModel.Of(type) : null)
            .Where(static model => model is not null).Select(static (model, _) => model!);
        var serializables = context.SyntaxProvider.ForAttributeWithMetadataName(
            SerializableModel.Attribute,
            static (node, _) => node is TypeDeclarationSyntax and not InterfaceDeclarationSyntax,
            static (context, _) => SerializableModel.Of((INamedTypeSymbol)context.TargetSymbol))
            .Where(static model => model is not null).Select(static (model, _) => model!);
        var exceptions = context.SyntaxProvider.CreateSyntaxProvider(
            static (node, _) => node is ClassDeclarationSyntax { BaseList: not null },
            static (context, token) => DeclaredOnce(context, token) is { } type ? ExceptionWriter.Of(type) : null)
            .Where(static model => model is not null).Select(static (model, _) => model!);
        var travelling = serializables.Collect().Combine(exceptions.Collect()).Select(static (both, _) => both.Left.AddRange(both.Right));
        var assembly = context.CompilationProvider.Select(static (compilation, _) => AssemblyModel.Of(compilation));

        context.RegisterSourceOutput(interfaces.Combine(assembly), static (context, pair) => Write(context, pair.Left, pair.Right));
        context.RegisterSourceOutput(serializables.Combine(assembly), static (context, pair) => Write(context, pair.Left, pair.Right));
        context.RegisterSourceOutput(exceptions.Combine(assembly), static (context, pair) => Write(context, pair.Left, pair.Right));
        context.RegisterSourceOutput(
            interfaces.Collect().Combine(classes.Collect()).Combine(travelling).Combine(assembly),
            static (context, all) => Write(context, all.Left.Left.Left, all.Left.Left.Right, all.Left.Right, all.Right));
    }

    /// <summary>The declared type; null for all but the first part of one that is declared in parts.</summary>
    private static INamedTypeSymbol? DeclaredOnce(GeneratorSyntaxContext context, CancellationToken token)
    {
        if (context.SemanticModel.GetDeclaredSymbol(context.Node, token) is not INamedTypeSymbol type) return null;
        var first = type.DeclaringSyntaxReferences
            .Where(static reference => reference.GetSyntax() is TypeDeclarationSyntax { BaseList: not null })
            .OrderBy(static reference => reference.SyntaxTree.FilePath, StringComparer.Ordinal)
            .ThenBy(static reference => reference.Span.Start)
            .First();
        return first.SyntaxTree == context.Node.SyntaxTree && first.Span == context.Node.Span ? type : null;
    }

    private static void Write(SourceProductionContext context, InterfaceModel model, AssemblyModel assembly)
    {
        foreach (var problem in model.Problems.Items) context.ReportDiagnostic(problem.ToDiagnostic());
        if (model.Body.Length > 0) context.AddSource(model.ProxyName + ".g.cs", ProxyWriter.Wrap(assembly.Namespace, model.Body));
    }

    private static void Write(SourceProductionContext context, SerializableModel model, AssemblyModel assembly)
    {
        foreach (var problem in model.Problems.Items) context.ReportDiagnostic(problem.ToDiagnostic());
        if (model.Body.Length > 0) context.AddSource(model.CodecName + ".g.cs", ProxyWriter.Wrap(assembly.Namespace, model.Body));
    }

    private static void Write(
        SourceProductionContext context,
        ImmutableArray<InterfaceModel> interfaces,
        ImmutableArray<ClassModel> classes,
        ImmutableArray<SerializableModel> serializables,
        AssemblyModel assembly)
    {
        foreach (var problem in classes.SelectMany(static model => model.Problems.Items)) context.ReportDiagnostic(problem.ToDiagnostic());
        if (assembly.KnowsEngine) context.AddSource("Grains.g.cs", ManifestWriter.Write(interfaces, classes, serializables, assembly));
    }
}
