using System.Text;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace Hive.Engine.Generator;

/// <summary>How symbols are written in generated code, and how the engine's types are told.</summary>
internal static class Names
{
    private static readonly SymbolDisplayFormat WithNullability =
        SymbolDisplayFormat.FullyQualifiedFormat.AddMiscellaneousOptions(SymbolDisplayMiscellaneousOptions.IncludeNullableReferenceTypeModifier);

    /// <summary>As a type of a declaration.</summary>
    public static string Declared(ITypeSymbol type) => type.ToDisplayString(WithNullability);

    /// <summary>As the operand of <c>typeof</c>, which takes no nullability.</summary>
    public static string Plain(ITypeSymbol type) => type.ToDisplayString(SymbolDisplayFormat.FullyQualifiedFormat);

    /// <summary>The full name with the names of generic parameters left out.</summary>
    public static string Full(ISymbol symbol) => symbol.ToDisplayString(
        new SymbolDisplayFormat(typeQualificationStyle: SymbolDisplayTypeQualificationStyle.NameAndContainingTypesAndNamespaces));

    public static string Literal(string? text) => text is null ? "null" : SymbolDisplay.FormatLiteral(text, quote: true);

    public static string Identifier(string text)
    {
        var name = new StringBuilder(text.Length);
        foreach (var c in text) name.Append(char.IsLetterOrDigit(c) ? c : '_');
        return char.IsDigit(name[0]) ? "_" + name : name.ToString();
    }

    public static AttributeData? Attribute(ISymbol symbol, string fullName) =>
        symbol.GetAttributes().FirstOrDefault(attribute => attribute.AttributeClass is { } type && IsOrDerives(type, fullName));

    public static string? AttributeText(ISymbol symbol, string fullName) =>
        Attribute(symbol, fullName)?.ConstructorArguments.FirstOrDefault().Value as string;

    public static bool Implements(ITypeSymbol type, string fullName) => type.AllInterfaces.Any(candidate => Full(candidate) == fullName);

    /// <summary>Whether code elsewhere in the assembly can name the type.</summary>
    public static bool IsReachable(INamedTypeSymbol type)
    {
        for (var current = type; current is not null; current = current.ContainingType)
        {
            if (current.IsFileLocal || current.DeclaredAccessibility is Accessibility.Private or Accessibility.Protected or Accessibility.ProtectedAndInternal) return false;
        }

        return true;
    }

    private static bool IsOrDerives(INamedTypeSymbol type, string fullName)
    {
        for (var current = type; current is not null; current = current.BaseType)
        {
            if (Full(current) == fullName) return true;
        }

        return false;
    }
}
