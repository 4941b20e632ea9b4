using Microsoft.CodeAnalysis;

namespace Hive.Engine.Generator;

/// <summary>A type that travels in messages, with the code of its codec.</summary>
internal sealed class SerializableModel : IEquatable<SerializableModel>
{
    public const string Attribute = "Orleans.GenerateSerializerAttribute";

    public SerializableModel(string codecName, string body, string registration, IEnumerable<Problem> problems)
    {
        CodecName = codecName;
        Body = body;
        Registration = registration;
        Problems = new EquatableList<Problem>(problems);
    }

    public string CodecName { get; }

    /// <summary>The codec; empty where there are problems.</summary>
    public string Body { get; }

    /// <summary>The entry in the project's list; empty where there are problems.</summary>
    public string Registration { get; }

    public EquatableList<Problem> Problems { get; }

    /// <summary>The model of a type that has the attribute; null for one that has no objects, or travels in another way.</summary>
    public static SerializableModel? Of(INamedTypeSymbol type)
    {
        if (ExceptionWriter.IsException(type)) return null;
        if (type.IsGenericType) return Unfit(type, "a type that travels must not be generic");
        if (!Names.IsReachable(type)) return Unfit(type, "a type that travels must be public or internal, and so must be what it is nested in");
        var levels = Levels(type);
        var problems = levels.SelectMany(static level => level.Members).Select(static member => member.Problem).OfType<Problem>().ToList();
        foreach (var level in levels) problems.AddRange(WithoutId(level.Type).Concat(SameId(level)));
        if (problems.Count > 0) return new SerializableModel(string.Empty, string.Empty, string.Empty, problems);
        if (type.IsAbstract) return null;

        var members = levels.SelectMany(static level => level.Members).ToList();
        var constructor = Constructor(type, members);
        if (constructor is null && !type.IsValueType)
        {
            return Unfit(type, "a type that travels needs a constructor whose parameters are members with an [Id], by name and type");
        }

        var codecName = "Codec_" + Names.Identifier(Names.Full(type));
        var name = Names.AttributeText(type, "Orleans.AliasAttribute") ?? Names.Full(type);
        var registration = $"manifest.AddSerializable<{Names.Plain(type)}>({Names.Literal(name)}, static () => new {codecName}());";
        return new SerializableModel(codecName, CodecWriter.Write(codecName, type, levels, type.IsValueType ? null : constructor), registration, []);
    }

    public bool Equals(SerializableModel? other) =>
        other is not null && CodecName == other.CodecName && Body == other.Body && Registration == other.Registration && Problems.Equals(other.Problems);

    public override bool Equals(object? obj) => Equals(obj as SerializableModel);

    public override int GetHashCode() => CodecName.GetHashCode();

    private static SerializableModel Unfit(INamedTypeSymbol type, string why) => new(string.Empty, string.Empty, string.Empty, [Misuse(type, why)]);

    private static Problem Misuse(ISymbol symbol, string why) =>
        new("HIVEGRAIN003", $"{symbol.ToDisplayString()}: {why}", symbol.Locations.FirstOrDefault());

    /// <summary>The classes of a type that say how they travel, the base first.</summary>
    private static List<Level> Levels(INamedTypeSymbol type)
    {
        var levels = new List<Level>();
        for (var current = type; current is not null; current = current.BaseType)
        {
            if (Names.Attribute(current, Attribute) is not null) levels.Insert(0, new Level(current, type.ContainingAssembly));
        }

        return levels;
    }

    /// <summary>What a record's head declares travels in Orleans with or without an id; here it must have one, so that both agree.</summary>
    private static IEnumerable<Problem> WithoutId(INamedTypeSymbol type) => !type.IsRecord
        ? []
        : type.InstanceConstructors.Where(static constructor => constructor.Parameters.Length > 0 && !constructor.IsImplicitlyDeclared)
            .SelectMany(static constructor => constructor.Parameters)
            .Select(parameter => type.GetMembers(parameter.Name).OfType<IPropertySymbol>().FirstOrDefault())
            .OfType<IPropertySymbol>()
            .Where(static property => Names.Attribute(property, Member.IdAttribute) is null && Member.IsStored(property))
            .Select(static property => Misuse(property, "a property of a record that travels needs an [Id], as in [property: Id(0)]"));

    private static IEnumerable<Problem> SameId(Level level) => level.Members.GroupBy(static member => member.Id)
        .Where(static group => group.Count() > 1)
        .Select(static group => Misuse(group.Last().Symbol, $"another member has [Id({group.Key})]"));

    /// <summary>The constructor with the fewest parameters of those whose parameters are all members.</summary>
    private static IMethodSymbol? Constructor(INamedTypeSymbol type, IReadOnlyList<Member> members) => type.InstanceConstructors
        .Where(constructor => constructor.Parameters.All(parameter => members.Any(member => member.Fits(parameter))))
        .OrderBy(static constructor => constructor.Parameters.Length)
        .FirstOrDefault();
}

/// <summary>The members that one class of a hierarchy adds, by their ids.</summary>
internal sealed class Level(INamedTypeSymbol type, IAssemblySymbol from)
{
    public INamedTypeSymbol Type { get; } = type;

    public IReadOnlyList<Member> Members { get; } = type.GetMembers()
        .Where(static member => !member.IsStatic && member is IPropertySymbol or IFieldSymbol && Names.Attribute(member, Member.IdAttribute) is not null)
        .Select(member => new Member(member, from))
        .OrderBy(static member => member.Id)
        .ToList();
}

/// <summary>A member that travels.</summary>
internal sealed class Member(ISymbol symbol, IAssemblySymbol from)
{
    public const string IdAttribute = "Orleans.IdAttribute";

    public ISymbol Symbol { get; } = symbol;

    public uint Id { get; } = Names.Attribute(symbol, IdAttribute)!.ConstructorArguments.FirstOrDefault().Value is uint id ? id : 0;

    public ITypeSymbol Type { get; } = symbol is IPropertySymbol property ? property.Type : ((IFieldSymbol)symbol).Type;

    /// <summary>Whether code of the project can read the member as it stands.</summary>
    public bool IsReadable { get; } = symbol is IPropertySymbol property ? IsOpen(property.GetMethod, from) : IsOpen(symbol, from);

    /// <summary>Whether code of the project can assign the member at any time.</summary>
    public bool IsAssignable { get; } = symbol is IPropertySymbol property
        ? property.SetMethod is { IsInitOnly: false } setter && IsOpen(setter, from)
        : symbol is IFieldSymbol { IsReadOnly: false } && IsOpen(symbol, from);

    public Problem? Problem => Symbol is IPropertySymbol property && (property.GetMethod is null || (property.SetMethod is null && !IsStored(property)))
        ? new Problem(
            "HIVEGRAIN003",
            $"{property.ToDisplayString()}: a property with an [Id] needs a getter, and a setter unless it is automatic",
            property.Locations.FirstOrDefault())
        : null;

    /// <summary>Whether the compiler keeps the property's value in a field of its own.</summary>
    public static bool IsStored(IPropertySymbol property) => property.ContainingType.GetMembers().OfType<IFieldSymbol>()
        .Any(field => SymbolEqualityComparer.Default.Equals(field.AssociatedSymbol, property));

    public bool Fits(IParameterSymbol parameter) =>
        parameter.RefKind == RefKind.None
        && string.Equals(parameter.Name, Symbol.Name, StringComparison.OrdinalIgnoreCase)
        && SymbolEqualityComparer.Default.Equals(parameter.Type, Type);

    private static bool IsOpen(ISymbol? symbol, IAssemblySymbol from) => symbol?.DeclaredAccessibility switch
    {
        Accessibility.Public => true,
        Accessibility.Internal or Accessibility.ProtectedOrInternal => SymbolEqualityComparer.Default.Equals(symbol.ContainingAssembly, from),
        _ => false,
    };
}
