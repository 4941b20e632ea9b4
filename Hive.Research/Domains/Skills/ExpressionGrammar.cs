using Hive.Randomness;

namespace Hive.Research.Skills;

/// <summary>Draws typed expressions and changes them; what it makes is always of its type.</summary>
/// <param name="arity">How many arguments there are.</param>
/// <param name="options">How likely is what.</param>
/// <param name="random">The source of randomness.</param>
internal sealed class ExpressionGrammar(int arity, SearchOptions options, SeededRandom random)
{
    private const double StopChance = 0.25;

    /// <summary>A new expression.</summary>
    public Expression Draw()
    {
        while (true)
        {
            var nodes = new List<Node>();
            Draw(ValueKind.Number, options.Depth, nodes);
            if (nodes.Count <= Expression.MaxNodes) return new Expression([.. nodes]);
        }
    }

    /// <summary>One with a subexpression of another in the place of its own of the same type.</summary>
    /// <param name="mother">The one.</param>
    /// <param name="father">The other.</param>
    public Expression Cross(Expression mother, Expression father)
    {
        var end = random.NextInt(mother.Nodes.Length);
        var kind = Operation.All[mother.Nodes[end].Operation].Result;
        var from = random.NextInt(father.Nodes.Length);
        if (Operation.All[father.Nodes[from].Operation].Result != kind) return mother;
        return mother.Replaced(end, father.Nodes[father.StartOf(from)..(from + 1)]) ?? mother;
    }

    /// <summary>One with one change.</summary>
    /// <param name="parent">What is changed.</param>
    public Expression Mutate(Expression parent)
    {
        var end = random.NextInt(parent.Nodes.Length);
        var node = parent.Nodes[end];
        var operation = Operation.All[node.Operation];
        var nodes = new List<Node>();
        switch (Choose(options.Mutations))
        {
            case 1:
                nodes.AddRange(parent.Nodes[parent.StartOf(end)..end]);
                nodes.Add(operation.Family == OperationFamily.Leaf ? Leaf() : new Node(Like(operation), 0));
                break;
            case 2 when node.Operation == Expression.Constant:
                nodes.Add(node with { Value = random.NextChance(0.5) ? node.Value + random.NextInt(5) - 2 : Constant() });
                break;
            case 3 when operation.Result == ValueKind.Number:
                var around = Operator(ValueKind.Number);
                var kept = random.NextInt(around.Operands.Count(kind => kind == ValueKind.Number));
                for (var i = 0; i < around.Operands.Length; i++)
                {
                    if (i == kept) nodes.AddRange(parent.Nodes[parent.StartOf(end)..(end + 1)]);
                    else Draw(around.Operands[i], 1, nodes);
                }

                nodes.Add(new Node((byte)Operation.All.IndexOf(around), 0));
                break;
            default:
                Draw(operation.Result, 1 + random.NextInt(options.Depth), nodes);
                break;
        }

        return parent.Replaced(end, nodes.ToArray()) ?? parent;
    }

    private void Draw(ValueKind kind, int depth, List<Node> into)
    {
        if (kind == ValueKind.Number && (depth <= 0 || random.NextChance(StopChance)))
        {
            into.Add(Leaf());
            return;
        }

        // A truth has no leaf: at the end it is a comparison of two leaves.
        var operation = depth <= 0 ? Operation.All[12 + random.NextInt(2)] : Operator(kind);
        foreach (var operand in operation.Operands) Draw(operand, depth - 1, into);
        into.Add(new Node((byte)Operation.All.IndexOf(operation), 0));
    }

    private Node Leaf() => random.NextChance(options.ConstantShare) ? new Node(Expression.Constant, Constant()) : new Node(Expression.Argument, random.NextInt(arity));

    private long Constant() => (long)Math.Round(random.NextGaussian() * options.ConstantSize);

    private Operation Operator(ValueKind kind)
    {
        while (true)
        {
            var family = (OperationFamily)(kind == ValueKind.Truth ? (int)OperationFamily.Logic : Choose(options.Families));
            Operation[] fitting = [.. Operation.All.Where(operation => operation.Family == family && operation.Result == kind)];
            if (fitting.Length > 0) return fitting[random.NextInt(fitting.Length)];
        }
    }

    private byte Like(Operation operation)
    {
        byte[] fitting = [.. Enumerable.Range(0, Operation.All.Length).Select(place => (byte)place)
            .Where(place => Operation.All[place].Result == operation.Result && Operation.All[place].Operands.SequenceEqual(operation.Operands))];
        return fitting[random.NextInt(fitting.Length)];
    }

    private int Choose(double[] weights)
    {
        var lot = random.NextDouble() * weights.Sum();
        for (var i = 0; i < weights.Length - 1; i++)
        {
            lot -= weights[i];
            if (lot < 0) return i;
        }

        return weights.Length - 1;
    }
}
