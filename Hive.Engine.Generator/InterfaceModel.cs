using System.Text;
using Microsoft.CodeAnalysis;

namespace Hive.Engine.Generator;

/// <summary>A grain interface, with the code of its reference class.</summary>
internal sealed class InterfaceModel : IEquatable<InterfaceModel>
{
    private InterfaceModel(string proxyName, string body, string registration, IEnumerable<Problem> problems)
    {
        ProxyName = proxyName;
        Body = body;
        Registration = registration;
        Problems = new EquatableList<Problem>(problems);
    }

    public string ProxyName { get; }

    /// <summary>The reference class; empty where there are problems.</summary>
    public string Body { get; }

    /// <summary>The entry in the project's list; empty where there are problems.</summary>
    public string Registration { get; }

    public EquatableList<Problem> Problems { get; }

    /// <summary>The model of a type, if it is a grain interface.</summary>
    public static InterfaceModel? Of(INamedTypeSymbol type)
    {
        if (!Names.Implements(type, "Orleans.Runtime.IAddressable")) return null;
        var proxyName = "Proxy_" + Names.Identifier(Names.Full(type));
        var problems = new List<Problem>();
        if (type.IsGenericType) problems.Add(Unfit(type, "a grain interface must not be generic"));
        if (!Names.IsReachable(type)) problems.Add(Unfit(type, "a grain interface must be public or internal, and so must be what it is nested in"));

        var methods = new List<MethodModel>();
        foreach (var member in type.AllInterfaces.Add(type).SelectMany(static one => one.GetMembers()).Where(static member => !member.IsStatic))
        {
            if (member is IMethodSymbol { AssociatedSymbol: null } method)
            {
                var model = new MethodModel(method, methods.Count);
                if (model.Problem is { } problem) problems.Add(Unfit(member, problem));
                methods.Add(model);
            }
            else if (member is not IMethodSymbol and not INamedTypeSymbol)
            {
                problems.Add(Unfit(member, "a grain interface can only have methods"));
            }
        }

        if (problems.Count > 0) return new InterfaceModel(proxyName, string.Empty, string.Empty, problems);
        var name = Names.AttributeText(type, "Orleans.AliasAttribute") ?? Names.Full(type);
        var registration = $"manifest.AddInterface<{Names.Plain(type)}>({Names.Literal(name)}, static binding => new {proxyName}(binding), {proxyName}.Methods);";
        return new InterfaceModel(proxyName, ProxyWriter.Write(proxyName, type, methods), registration, problems);
    }

    public bool Equals(InterfaceModel? other) =>
        other is not null && ProxyName == other.ProxyName && Body == other.Body && Registration == other.Registration && Problems.Equals(other.Problems);

    public override bool Equals(object? obj) => Equals(obj as InterfaceModel);

    public override int GetHashCode() => ProxyName.GetHashCode();

    private static Problem Unfit(ISymbol symbol, string why) =>
        new("HIVEGRAIN001", $"{symbol.ToDisplayString()}: {why}", symbol.Locations.FirstOrDefault());
}

/// <summary>What a grain method gives back.</summary>
internal enum ResultKind
{
    Void,
    Task,
    TaskOfResult,
    ValueTask,
    ValueTaskOfResult,
    Stream,
    Other,
}

/// <summary>A method of a grain interface.</summary>
internal sealed class MethodModel
{
    private const string CancellationToken = "System.Threading.CancellationToken";

    public MethodModel(IMethodSymbol method, int number)
    {
        Method = method;
        CallName = "Call" + number + "_" + Names.Identifier(method.Name);
        (Kind, Result) = ResultOf(method.ReturnType);
        TokenIndex = method.Parameters.ToList().FindIndex(static parameter => Names.Full(parameter.Type) == CancellationToken);
        IsOneWay = Kind == ResultKind.Void || Names.Attribute(method, "Orleans.Concurrency.OneWayAttribute") is not null;
    }

    public IMethodSymbol Method { get; }

    public string CallName { get; }

    public ResultKind Kind { get; }

    public ITypeSymbol? Result { get; }

    public bool IsOneWay { get; }

    /// <summary>Which parameter is the caller's token; negative where none is.</summary>
    public int TokenIndex { get; }

    public string? Problem => Method switch
    {
        { IsGenericMethod: true } => "a grain method must not be generic",
        _ when Method.Parameters.Any(static parameter => parameter.RefKind != RefKind.None) => "a grain method's parameters must not be ref, in or out",
        _ when Kind == ResultKind.Other => "a grain method must return Task, ValueTask, Task<T>, ValueTask<T>, IAsyncEnumerable<T> or, for observers, void",
        _ when IsOneWay && Kind is ResultKind.TaskOfResult or ResultKind.ValueTaskOfResult or ResultKind.Stream => "a one-way method must return Task, ValueTask or void",
        _ => null,
    };

    public string Options
    {
        get
        {
            var options = new StringBuilder("global::Hive.Engine.GrainMethodOptions.None");
            if (Names.Attribute(Method, "Orleans.Concurrency.ReadOnlyAttribute") is not null) options.Append(" | global::Hive.Engine.GrainMethodOptions.ReadOnly");
            if (Names.Attribute(Method, "Orleans.Concurrency.AlwaysInterleaveAttribute") is not null) options.Append(" | global::Hive.Engine.GrainMethodOptions.AlwaysInterleave");
            if (IsOneWay) options.Append(" | global::Hive.Engine.GrainMethodOptions.OneWay");
            return options.ToString();
        }
    }

    public string TimeoutTicks
    {
        get
        {
            var text = Names.AttributeText(Method, "Orleans.ResponseTimeoutAttribute") ?? Names.AttributeText(Method.ContainingType, "Orleans.ResponseTimeoutAttribute");
            return text is null ? "0L" : $"global::System.TimeSpan.Parse({Names.Literal(text)}, global::System.Globalization.CultureInfo.InvariantCulture).Ticks";
        }
    }

    private static (ResultKind Kind, ITypeSymbol? Result) ResultOf(ITypeSymbol type)
    {
        if (type.SpecialType == SpecialType.System_Void) return (ResultKind.Void, null);
        var result = type is INamedTypeSymbol { TypeArguments.Length: 1 } generic ? generic.TypeArguments[0] : null;
        return (Names.Full(type), result) switch
        {
            ("System.Threading.Tasks.Task", null) => (ResultKind.Task, null),
            ("System.Threading.Tasks.Task", _) => (ResultKind.TaskOfResult, result),
            ("System.Threading.Tasks.ValueTask", null) => (ResultKind.ValueTask, null),
            ("System.Threading.Tasks.ValueTask", _) => (ResultKind.ValueTaskOfResult, result),
            ("System.Collections.Generic.IAsyncEnumerable", _) => (ResultKind.Stream, result),
            _ => (ResultKind.Other, null),
        };
    }
}
