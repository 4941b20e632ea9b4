using System.Text;
using Microsoft.CodeAnalysis;

namespace Hive.Engine.Generator;

/// <summary>Writes how exceptions travel that are declared in a project: what a constructor wants back, and the exception has as properties.</summary>
internal static class ExceptionWriter
{
    private const string Engine = "global::Hive.Engine.";

    public static bool IsException(INamedTypeSymbol type)
    {
        for (var current = type; current is not null; current = current.BaseType)
        {
            if (Names.Full(current) == "System.Exception") return true;
        }

        return false;
    }

    /// <summary>The model of an exception that can be made anew in another process.</summary>
    public static SerializableModel? Of(INamedTypeSymbol type)
    {
        if (!IsException(type) || type.IsAbstract || type.IsGenericType || !Names.IsReachable(type)) return null;
        var best = type.InstanceConstructors
            .Where(static constructor => IsOpen(constructor) && constructor.Parameters.Length > 0)
            .Select(constructor => constructor.Parameters.Select(parameter => Argument.Of(type, parameter)).ToList())
            .Where(static arguments => arguments.All(static argument => argument is not null)
                && arguments.Count(static argument => argument!.Source == "message") <= 1 && arguments.Count(static argument => argument!.Source == "inner") <= 1)
            .OrderByDescending(static arguments => arguments.Count(static argument => argument!.Property is not null))
            .ThenByDescending(static arguments => arguments.Count)
            .FirstOrDefault();
        if (best is null) return null;
        var name = "Shape_" + Names.Identifier(Names.Full(type));
        var registration = $"manifest.AddException<{Names.Plain(type)}>(static () => new {name}());";
        return new SerializableModel(name, Write(name, type, best!), registration, []);
    }

    private static string Write(string name, INamedTypeSymbol type, IReadOnlyList<Argument> arguments)
    {
        var properties = arguments.Select(static argument => argument.Property).OfType<IPropertySymbol>().ToList();
        var code = new StringBuilder();
        code.AppendLine($"internal sealed class {name} : {Engine}ExceptionShape<{Names.Plain(type)}>");
        code.AppendLine("{");
        code.AppendLine($"    protected override void WriteFields(ref {Engine}WireWriter writer, {Names.Plain(type)} exception)");
        code.AppendLine("    {");
        for (var i = 0; i < properties.Count; i++)
        {
            code.AppendLine($"        writer.WriteField({(i == 0 ? 0 : 1)}u, {Codec(properties[i], "writer")}, exception.@{properties[i].Name});");
        }

        code.AppendLine("    }");
        code.AppendLine($"    protected override {Names.Plain(type)} ReadFields(ref {Engine}WireReader reader, string message, global::System.Exception? inner)");
        code.AppendLine("    {");
        for (var i = 0; i < properties.Count; i++) code.AppendLine($"        {Names.Plain(properties[i].Type)} v{i} = default!;");
        code.AppendLine("        ulong key = 0;");
        code.AppendLine($"        while (reader.NextField(ref key, out {Engine}WireKind kind))");
        code.AppendLine("        {");
        code.AppendLine("            switch (key)");
        code.AppendLine("            {");
        for (var i = 0; i < properties.Count; i++) code.AppendLine($"                case {i}UL: v{i} = reader.ReadField({Codec(properties[i], "reader")}, kind); break;");
        code.AppendLine("                default: reader.Skip(kind); break;");
        code.AppendLine("            }");
        code.AppendLine("        }");
        var values = arguments.Select(argument => argument.Property is { } property ? $"v{properties.IndexOf(property)}" : argument.Source);
        code.AppendLine($"        return new {Names.Plain(type)}({string.Join(", ", values)});");
        code.AppendLine("    }");
        code.AppendLine("}");
        return code.ToString();
    }

    private static string Codec(IPropertySymbol property, string from) =>
        $"{from}.Serializer.GetCodec<{Names.Plain(property.Type)}>({Names.Literal(Names.Full(property.ContainingType) + "." + property.Name)})";

    private static bool IsOpen(ISymbol symbol) =>
        symbol.DeclaredAccessibility is Accessibility.Public or Accessibility.Internal or Accessibility.ProtectedOrInternal;

    /// <summary>Where a constructor's argument comes from: the message, what caused the exception, or one of its properties.</summary>
    private sealed class Argument(string source, IPropertySymbol? property)
    {
        public string Source { get; } = source;

        public IPropertySymbol? Property { get; } = property;

        public static Argument? Of(INamedTypeSymbol type, IParameterSymbol parameter)
        {
            if (parameter.RefKind != RefKind.None) return null;
            for (var current = type; current is not null && Names.Full(current) != "System.Exception"; current = current.BaseType)
            {
                var property = current.GetMembers().OfType<IPropertySymbol>().FirstOrDefault(one =>
                    string.Equals(one.Name, parameter.Name, StringComparison.OrdinalIgnoreCase) && !one.IsStatic && one.GetMethod is { } getter && IsOpen(getter)
                    && SymbolEqualityComparer.Default.Equals(one.Type, parameter.Type));
                if (property is not null) return new Argument(string.Empty, property);
            }

            if (parameter.Type.SpecialType == SpecialType.System_String) return new Argument("message", null);
            return Names.Full(parameter.Type) == "System.Exception" ? new Argument("inner", null) : null;
        }
    }
}
