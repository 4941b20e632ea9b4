namespace Hive.Wasm.Tests.Fuzz;

internal sealed partial class GeneratedFunction
{
    private void Block()
    {
        var form = Random.Next(4);
        if (form >= 2)
        {
            Need([ValueKind.I32]);
            Pop(1);
        }

        var parameters = _stack.Skip(_stack.Count - Random.Next(Math.Min(Available, 3) + 1)).ToArray();
        var withoutElse = form == 3;
        var results = withoutElse ? parameters : _module.Kinds(2);
        var type = GeneratedModule.Block(new GeneratedType(parameters, results));
        Emit((form switch { 0 => "block", 1 => "loop", _ => "if" }) + type);
        Pop(parameters.Length);
        Inside(form == 1 ? parameters : results, parameters, results, burn: form == 1);
        if (form == 2)
        {
            Emit("else");
            Inside(results, parameters, results, burn: false);
        }

        Emit("end");
        _stack.AddRange(results);
    }

    private void Inside(ValueKind[] labelTypes, ValueKind[] parameters, ValueKind[] results, bool burn)
    {
        _frames.Add(new Frame(labelTypes, _stack.Count));
        _stack.AddRange(parameters);
        if (burn)
        {
            Burn();
        }

        Statements();
        Settle(results);
        _stack.RemoveRange(_frames[^1].Height, Available);
        _frames.RemoveAt(_frames.Count - 1);
    }

    private void Branch()
    {
        var depth = Random.Next(_frames.Count);
        var types = _frames[^(depth + 1)].LabelTypes;
        switch (Random.Next(6))
        {
            case 0 or 1 or 2:
                Need([.. types, ValueKind.I32]);
                Pop(1);
                Emit($"br_if {depth}");
                break;
            case 3:
                Need(types);
                Emit($"br {depth}");
                Dead();
                break;
            case 4:
                var labels = Enumerable.Range(0, _frames.Count).Where(d => _frames[^(d + 1)].LabelTypes.SequenceEqual(types)).ToArray();
                Need([.. types, ValueKind.I32]);
                Emit($"br_table {string.Join(' ', Enumerable.Range(0, Random.Next(6)).Select(_ => _module.Pick(labels)))} {depth}");
                Dead();
                break;
            default:
                Leave();
                break;
        }
    }

    /// <summary>A block in which exceptions of one tag are caught; others too where an enclosing block takes no values.</summary>
    private void Try()
    {
        var tag = Random.Next(_module.Tags.Count);
        var takesReference = _module.Chance(40);
        ValueKind[] carried = takesReference ? [.. _module.Tags[tag], ValueKind.ExnRef] : _module.Tags[tag];
        var type = GeneratedModule.Block(new GeneratedType([], carried));
        var anywhere = Enumerable.Range(0, _frames.Count).Where(d => _frames[^(d + 1)].LabelTypes.Length == 0).ToArray();
        var rest = anywhere.Length > 0 && _module.Chance(30) ? $" (catch_all {_module.Pick(anywhere) + 1})" : "";
        Emit($"block{type} try_table{type} (catch{(takesReference ? "_ref" : "")} {tag} 0){rest}");
        _frames.Add(new Frame(carried, _stack.Count));
        Inside(carried, [], carried, burn: false);
        _frames.RemoveAt(_frames.Count - 1);
        Emit("end end");
        _stack.AddRange(carried);
        if (takesReference)
        {
            Emit(_module.Chance(30) ? "ref.is_null if unreachable end" : "drop");
            Pop(1);
        }
    }

    private void Throw()
    {
        var tag = Random.Next(_module.Tags.Count);
        Need([.. _module.Tags[tag], ValueKind.I32]);
        Pop(1);
        if (_module.Chance(70))
        {
            // Thrown only now and then, so that what follows is reached too.
            var kinds = _module.Tags[tag];
            var type = GeneratedModule.Block(new GeneratedType(kinds, []));
            Emit($"if{type} throw {tag} else {string.Concat(Enumerable.Repeat("drop ", kinds.Length))}end");
            Pop(kinds.Length);
            return;
        }

        Emit("drop");
        if (_module.Chance(20))
        {
            Emit("ref.null exn throw_ref");
        }
        else
        {
            Emit($"throw {tag}");
        }

        Dead();
    }

    private void Leave()
    {
        switch (Random.Next(10))
        {
            case 0:
                Emit("unreachable");
                break;
            case 1 or 2 or 3 when TailCallable() is { Length: > 0 } functions:
                var function = _module.Pick(functions);
                var type = _module.Functions[function];
                var indirect = _module.Chance(40);
                Need(indirect ? [.. type.Parameters, ValueKind.I32] : type.Parameters);
                Emit(indirect ? $"i32.const 7 i32.and return_call_indirect 0{GeneratedModule.Block(type)}" : $"return_call {function}");
                break;
            default:
                Need(_type.Results);
                Emit("return");
                break;
        }

        Dead();
    }

    private int[] TailCallable() =>
        [.. Enumerable.Range(0, _module.Functions.Count).Where(i => _module.Functions[i].Results.SequenceEqual(_type.Results))];

    private void Dead()
    {
        _frames[^1].Unreachable = true;
        _stack.RemoveRange(_frames[^1].Height, Available);
    }

    private void Call()
    {
        var indirect = _module.Chance(40);
        var function = Random.Next(_module.Functions.Count);
        var type = _module.Functions[function];
        Need(indirect ? [.. type.Parameters, ValueKind.I32] : type.Parameters);
        if (indirect && _module.Chance(90))
        {
            Emit("i32.const 7 i32.and");
        }

        Emit(indirect ? $"call_indirect {Random.Next(2)}{GeneratedModule.Block(type)}" : $"call {function}");
        Pop(type.Parameters.Length + (indirect ? 1 : 0));
        _stack.AddRange(type.Results);
    }

    private void Select()
    {
        var kind = _module.RandomKind();
        var isReference = kind is ValueKind.FuncRef or ValueKind.ExternRef;
        Need([kind, kind, ValueKind.I32]);
        Emit(isReference || _module.Chance(30) ? $"select (result {GeneratedModule.Name(kind)})" : "select");
        Pop(3);
        Push(kind);
    }

    private void SetVariable()
    {
        if (_locals.Length > 0 && _module.Chance(60))
        {
            var local = Random.Next(_locals.Length);
            Need([_locals[local]]);
            var tee = _module.Chance(30);
            Emit($"local.{(tee ? "tee" : "set")} {local}");
            Pop(tee ? 0 : 1);
        }
        else
        {
            // Global 0 counts the turns that are left.
            var global = Random.Next(1, _module.Globals.Count);
            Need([_module.Globals[global]]);
            Emit($"global.set {global}");
            Pop(1);
        }
    }
}
