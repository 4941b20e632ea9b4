using System.Text;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace Hive.Engine.Generator;

/// <summary>Writes codecs of types that travel.</summary>
internal static class CodecWriter
{
    private const string Engine = "global::Hive.Engine.";
    private const string Accessor = "[global::System.Runtime.CompilerServices.UnsafeAccessor(global::System.Runtime.CompilerServices.UnsafeAccessorKind.";

    /// <param name="codecName">The codec's name.</param>
    /// <param name="type">The type.</param>
    /// <param name="levels">Its members, a class after another.</param>
    /// <param name="constructor">What makes an object; null for a value, which begins with nothing set.</param>
    public static string Write(string codecName, INamedTypeSymbol type, IReadOnlyList<Level> levels, IMethodSymbol? constructor)
    {
        var members = levels.SelectMany(static level => level.Members).ToList();
        var code = new StringBuilder();
        code.AppendLine($"internal sealed class {codecName} : {Engine}ObjectCodec<{Names.Plain(type)}>");
        code.AppendLine("{");
        for (var i = 0; i < members.Count; i++) WriteAccess(code, members[i], i, constructor);
        WriteCreate(code, type, constructor);
        WriteWriting(code, type, levels);
        WriteReading(code, type, levels, constructor);
        code.AppendLine("}");
        return code.ToString();
    }

    /// <summary>A field for the codec of a member, and ways to read and set what the language would not let us.</summary>
    private static void WriteAccess(StringBuilder code, Member member, int index, IMethodSymbol? constructor)
    {
        var type = Names.Plain(member.Type);
        var owner = member.Symbol.ContainingType;
        var target = (owner.IsValueType ? "ref " : string.Empty) + Names.Plain(owner);
        code.AppendLine($"    private {Engine}Codec<{type}>? _codec{index};");
        code.AppendLine($"    private {Engine}Codec<{type}> Codec{index}({Engine}WireSerializer serializer) => _codec{index} ??= "
            + $"serializer.GetCodec<{type}>({Names.Literal(Names.Full(owner) + "." + member.Symbol.Name)});");
        var isSet = constructor is null || !constructor.Parameters.Any(member.Fits);
        var backing = member.Symbol is IFieldSymbol ? member.Symbol.Name : $"<{member.Symbol.Name}>k__BackingField";
        if (!member.IsReadable && member.Symbol is IPropertySymbol)
        {
            code.AppendLine($"    {Accessor}Method, Name = {Names.Literal("get_" + member.Symbol.Name)})]");
            code.AppendLine($"    private static extern {type} Get{index}({target} target);");
        }
        else if (!member.IsReadable || (isSet && !member.IsAssignable && member.Symbol is IFieldSymbol))
        {
            WriteField(code, type, index, target, backing);
        }

        if (!isSet || member.IsAssignable || member.Symbol is not IPropertySymbol property) return;
        if (property.SetMethod is null)
        {
            WriteField(code, type, index, target, backing);
            return;
        }

        code.AppendLine($"    {Accessor}Method, Name = {Names.Literal("set_" + member.Symbol.Name)})]");
        code.AppendLine($"    private static extern void Set{index}({target} target, {type} value);");
    }

    private static void WriteField(StringBuilder code, string type, int index, string target, string name)
    {
        code.AppendLine($"    {Accessor}Field, Name = {Names.Literal(name)})]");
        code.AppendLine($"    private static extern ref {type} Field{index}({target} target);");
    }

    private static void WriteCreate(StringBuilder code, INamedTypeSymbol type, IMethodSymbol? constructor)
    {
        if (constructor is null) return;
        var parameters = string.Join(", ", constructor.Parameters.Select(static (parameter, index) => $"{Names.Plain(parameter.Type)} p{index}"));
        code.AppendLine($"    {Accessor}Constructor)]");
        code.AppendLine($"    private static extern {Names.Plain(type)} Create({parameters});");
    }

    private static void WriteWriting(StringBuilder code, INamedTypeSymbol type, IReadOnlyList<Level> levels)
    {
        code.AppendLine($"    protected override void WriteFields(ref {Engine}WireWriter writer, {Names.Plain(type)} value)");
        code.AppendLine("    {");
        var index = 0;
        foreach (var level in levels)
        {
            if (level != levels[0]) code.AppendLine("        writer.WriteEndOfBase();");
            var last = 0u;
            foreach (var member in level.Members)
            {
                code.AppendLine($"        writer.WriteField({member.Id - last}u, Codec{index}(writer.Serializer), {Get(member, index)});");
                last = member.Id;
                index++;
            }
        }

        code.AppendLine("    }");
    }

    private static void WriteReading(StringBuilder code, INamedTypeSymbol type, IReadOnlyList<Level> levels, IMethodSymbol? constructor)
    {
        var members = levels.SelectMany(static (level, depth) => level.Members.Select(member => (Member: member, Depth: depth))).ToList();
        code.AppendLine($"    protected override {Names.Plain(type)} ReadFields(ref {Engine}WireReader reader)");
        code.AppendLine("    {");
        for (var i = 0; i < members.Count; i++)
        {
            var parameter = constructor?.Parameters.FirstOrDefault(members[i].Member.Fits);
            code.AppendLine($"        {Names.Plain(members[i].Member.Type)} v{i} = {Default(parameter)};");
            if (parameter is null) code.AppendLine($"        bool has{i} = false;");
        }

        code.AppendLine("        ulong key = 0;");
        code.AppendLine($"        while (reader.NextField(ref key, out {Engine}WireKind kind))");
        code.AppendLine("        {");
        code.AppendLine("            switch (key)");
        code.AppendLine("            {");
        for (var i = 0; i < members.Count; i++)
        {
            var has = constructor?.Parameters.Any(members[i].Member.Fits) == true ? string.Empty : $" has{i} = true;";
            var key = ((ulong)members[i].Depth << 32) | members[i].Member.Id;
            code.AppendLine($"                case {key}UL: v{i} = reader.ReadField(Codec{i}(reader.Serializer), kind);{has} break;");
        }

        code.AppendLine("                default: reader.Skip(kind); break;");
        code.AppendLine("            }");
        code.AppendLine("        }");
        var arguments = constructor?.Parameters.Select(parameter => "v" + members.FindIndex(one => one.Member.Fits(parameter)));
        code.AppendLine($"        {Names.Plain(type)} value = {(arguments is null ? "default" : $"Create({string.Join(", ", arguments)})")};");
        for (var i = 0; i < members.Count; i++)
        {
            if (constructor?.Parameters.Any(members[i].Member.Fits) != true) code.AppendLine($"        if (has{i}) {Set(members[i].Member, i)};");
        }

        code.AppendLine("        return value;");
        code.AppendLine("    }");
    }

    private static string Target(Member member) => member.Symbol.ContainingType.IsValueType ? "ref value" : "value";

    private static string Get(Member member, int index)
    {
        if (member.IsReadable) return $"value.@{member.Symbol.Name}";
        return member.Symbol is IPropertySymbol ? $"Get{index}({Target(member)})" : $"Field{index}({Target(member)})";
    }

    private static string Set(Member member, int index)
    {
        if (member.IsAssignable) return $"value.@{member.Symbol.Name} = v{index}";
        return member.Symbol is IPropertySymbol { SetMethod: not null } ? $"Set{index}({Target(member)}, v{index})" : $"Field{index}({Target(member)}) = v{index}";
    }

    /// <summary>What a parameter is when its member does not come: what its declaration says.</summary>
    private static string Default(IParameterSymbol? parameter) =>
        parameter is { HasExplicitDefaultValue: true, ExplicitDefaultValue: { } value } && value is not (double or float)
            ? $"({Names.Plain(parameter.Type)})({SymbolDisplay.FormatPrimitive(value, quoteStrings: true, useHexadecimalNumbers: false)})"
            : "default!";
}
