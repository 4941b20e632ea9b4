using System.Text;
using Hive.Wasm.Text;

namespace Hive.Wasm.Spec;

/// <summary>
/// Reads a <c>.wast</c> script, the format of the official test suite, one command at a time. Modules are passed over and only translated by whoever runs
/// the script. A file that holds the fields of one module without <c>(module …)</c> is one module.
/// </summary>
internal sealed class ScriptParser(TextSource source)
{
    private readonly TokenReader _reader = new(source);
    private readonly ScriptValueParser _values = new();
    private int _line = 1;
    private int _lineOffset = source.Start;

    /// <exception cref="WasmTextException">The script breaks the grammar of scripts.</exception>
    public IEnumerable<ScriptCommand> Commands()
    {
        if (!AtCommand() && !_reader.At(TokenKind.End))
        {
            yield return new ModuleCommand(Line(), null, ScriptModule.InPlace(source), DefinitionOnly: false);
            yield break;
        }

        while (!_reader.At(TokenKind.End))
        {
            yield return Command();
        }
    }

    private bool AtCommand() =>
        _reader.AtOpen("module"u8) || _reader.AtOpen("register"u8) || _reader.AtOpen("invoke"u8) || _reader.AtOpen("get"u8)
        || (_reader.At(TokenKind.LeftParenthesis) && _reader.Following.Kind == TokenKind.Atom
            && _reader.Text(_reader.Following).StartsWith("assert_"u8));

    private ScriptCommand Command()
    {
        var line = Line();
        if (_reader.AtOpen("module"u8))
        {
            return Module(line);
        }

        if (_reader.AtOpen("invoke"u8) || _reader.AtOpen("get"u8))
        {
            return new ActionCommand(line, Action());
        }

        if (_reader.TryOpen("register"u8))
        {
            var name = Encoding.UTF8.GetString(_reader.Name());
            var register = new RegisterCommand(line, name, Identifier());
            _reader.Close();
            return register;
        }

        _reader.OpenParenthesis();
        var command = Assertion(line);
        _reader.Close();
        return command;
    }

    private ScriptCommand Assertion(int line)
    {
        var word = _reader.Keyword("a command: module, register, invoke, get or assert_…");
        switch (Encoding.ASCII.GetString(_reader.Text(word)))
        {
            case "assert_return":
                return Return(line);
            case "assert_trap" when _reader.AtOpen("module"u8):
                return ModuleFails(line, ModuleFailure.Uninstantiable);
            case "assert_trap":
                return ActionFails(line, ActionFailure.Trap);
            case "assert_exhaustion":
                return ActionFails(line, ActionFailure.Exhaustion);
            case "assert_exception":
                return new AssertActionFails(line, ActionFailure.Exception, Action(), "");
            case "assert_malformed":
                return ModuleFails(line, ModuleFailure.Malformed);
            case "assert_invalid":
                return ModuleFails(line, ModuleFailure.Invalid);
            case "assert_unlinkable":
                return ModuleFails(line, ModuleFailure.Unlinkable);
            case "assert_uninstantiable":
                return ModuleFails(line, ModuleFailure.Uninstantiable);
            default:
                throw source.Error(word.Start, $"unknown command `{source.Show(word)}`: use module, register, invoke, get or assert_…");
        }
    }

    private AssertReturn Return(int line)
    {
        var action = Action();
        var expected = new List<ValuePattern>();
        while (_reader.At(TokenKind.LeftParenthesis))
        {
            expected.Add(_values.Pattern(_reader));
        }

        return new AssertReturn(line, action, expected);
    }

    private AssertActionFails ActionFails(int line, ActionFailure failure) => new(line, failure, Action(), Text());

    private AssertModuleFails ModuleFails(int line, ModuleFailure failure)
    {
        var module = Module(line);
        return module is ModuleCommand { Module: var content }
            ? new AssertModuleFails(line, failure, content, Text())
            : throw source.Error(_reader.Current.Start, "an assertion needs a module, not an instance");
    }

    private ScriptAction Action()
    {
        var get = _reader.TryOpen("get"u8);
        if (!get)
        {
            _reader.Open("invoke"u8);
        }

        var instance = Identifier();
        var export = Encoding.UTF8.GetString(_reader.Name());
        var arguments = new List<ScriptValue>();
        while (!get && _reader.At(TokenKind.LeftParenthesis))
        {
            arguments.Add(_values.Value(_reader));
        }

        _reader.Close();
        return new ScriptAction(instance, export, get ? null : arguments);
    }

    // '(' 'module' ('definition' | 'instance')? id? ('binary' string* | 'quote' string* | field*) ')'
    private ScriptCommand Module(int line)
    {
        var start = _reader.Current.Start;
        _reader.Open("module"u8);
        if (_reader.TryKeyword("instance"u8))
        {
            var instance = new InstanceCommand(line, Identifier(), Identifier());
            _reader.Close();
            return instance;
        }

        var definitionOnly = _reader.TryKeyword("definition"u8);
        var contentStart = _reader.Current.Start;
        var identifier = Identifier();
        var binary = _reader.TryKeyword("binary"u8);
        if (binary || _reader.TryKeyword("quote"u8))
        {
            var content = new ByteWriter();
            while (_reader.At(TokenKind.String))
            {
                var token = _reader.Advance();
                StringLiteral.Decode(source, token.Start, token.End, content);
                if (!binary)
                {
                    content.Byte((byte)' ');
                }
            }

            _reader.Close();
            var bytes = content.Written.ToArray();
            return new ModuleCommand(line, identifier, binary ? ScriptModule.Binary(bytes) : ScriptModule.Quoted(bytes), definitionOnly);
        }

        contentStart = definitionOnly ? identifier is null ? contentStart : _reader.Current.Start : start;
        var end = _reader.SkipToClose();
        return new ModuleCommand(line, identifier, ScriptModule.InPlace(source.Slice(contentStart, definitionOnly ? end - 1 : end)), definitionOnly);
    }

    private string? Identifier() => _reader.TryIdentifier() is { } token ? _reader.IdentifierName(token) : null;

    private string Text() => Encoding.UTF8.GetString(_reader.Name());

    // Counted on from the last command, so that a script takes linear time.
    private int Line()
    {
        var offset = _reader.Current.Start;
        _line += source.Span(_lineOffset, offset).Count((byte)'\n');
        _lineOffset = offset;
        return _line;
    }
}
