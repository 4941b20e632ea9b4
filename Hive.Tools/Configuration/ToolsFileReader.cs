using System.Buffers;
using System.Collections.Immutable;
using System.Text.Json;
using Hive.Goals;

namespace Hive.Tools.Configuration;

/// <summary>Reads what an owner writes of tool servers, and collects every mistake.</summary>
internal static class ToolsFileReader
{
    private const int MaxServers = 32;
    private const int MaxWords = 256;
    private const int MaxVariables = 64;
    private const int MaxText = 4096;

    /// <summary>The name under which skills are tools.</summary>
    private const string Skills = "skill";

    private const string Letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

    private static readonly SearchValues<char> VariableCharacters = SearchValues.Create(Letters + "0123456789_");

    // RFC 9110, 5.6.2: token.
    private static readonly SearchValues<char> HeaderCharacters = SearchValues.Create(Letters + "0123456789!#$%&'*+-.^_`|~");

    // What the transport itself says in its headers.
    private static readonly ImmutableArray<string> OwnHeaders = ["Accept", "Connection", "Content-Length", "Content-Type", "Host", "Last-Event-ID", "Transfer-Encoding"];

    public static ImmutableArray<ToolServer> Servers(ElementReader tools, string directory)
    {
        if (tools.Element.ValueKind != JsonValueKind.Object)
        {
            tools.Wrong($"this is {ElementReader.Kind(tools.Element)}; it must be an object, such as {{\"everything\": {{\"command\": [\"npx\", \"-y\", \"@modelcontextprotocol/server-everything\"]}}}}");
            return [];
        }

        if (tools.Element.GetPropertyCount() > MaxServers)
        {
            tools.Wrong($"this has {tools.Element.GetPropertyCount()} servers; at most {MaxServers} are allowed");
            return [];
        }

        return [.. tools.Element.EnumerateObject().Select(member => Server(member.Name, tools.At(member.Name, member.Value), directory))];
    }

    private static ToolServer Server(string name, ElementReader server, string directory)
    {
        var empty = new ToolServer { Name = name, Directory = directory };
        if (!ToolNames.IsServer(name))
        {
            server.Wrong($"a server's name has 1 to {ToolNames.MaxServerLength} of the letters a to z, digits, '_' and '-'");
        }
        else if (name == Skills)
        {
            server.Wrong("this name is that of Hive's own skills; choose another");
        }

        if (!server.IsObject("command", "directory", "environment", "passEnvironment", "url", "headerEnv", "readOnly", "sideEffects", "approve", "allow", "timeoutSeconds"))
        {
            return empty;
        }

        CheckReach(server);
        var read = empty with
        {
            Command = server.Optional("command") is { } command ? Words(command, 1) : [],
            Directory = server.Optional("directory") is { } folder ? Folder(folder, directory) : directory,
            Environment = server.Optional("environment") is { } environment ? Variables(environment) : empty.Environment,
            PassEnvironment = server.Optional("passEnvironment") is { } passed ? VariableNames(passed) : [],
            Url = server.Optional("url") is { } url ? Address(url) : null,
            HeaderEnvironment = server.Optional("headerEnv") is { } headers ? Headers(headers) : empty.HeaderEnvironment,
            ReadOnly = server.Optional("readOnly") is { } readOnly ? Tools(readOnly) : [],
            SideEffects = server.Optional("sideEffects") is { } sideEffects ? Tools(sideEffects) : [],
            Approve = server.Optional("approve") is { } approve ? Tools(approve) : [],
            Allow = server.Optional("allow") is { } allow ? Tools(allow) : empty.Allow,
            Timeout = server.Optional("timeoutSeconds") is { } timeout ? TimeSpan.FromSeconds(timeout.Number(0, 3600, above: true)) : empty.Timeout,
        };
        if (read.ReadOnly.Intersect(read.SideEffects).FirstOrDefault() is { } both)
        {
            server.At("readOnly", default).Wrong($"'{both}' is also under \"sideEffects\"; say one or the other");
        }

        if (read.PassEnvironment.FirstOrDefault(read.Environment.ContainsKey) is { } twice)
        {
            server.At("passEnvironment", default).Wrong($"'{twice}' is also under \"environment\"; say one or the other");
        }

        return read;
    }

    /// <summary>A server is a program or an address, and has only what goes with that.</summary>
    private static void CheckReach(ElementReader server)
    {
        var (isProgram, isAddress) = (server.Optional("command") is not null, server.Optional("url") is not null);
        if (isProgram == isAddress)
        {
            server.Wrong(isProgram ? "this has both \"command\" and \"url\"; give one of them" : "this has neither \"command\" nor \"url\"; give one of them");
            return;
        }

        string[] misplaced = isProgram ? ["headerEnv"] : ["directory", "environment", "passEnvironment"];
        foreach (var member in misplaced)
        {
            server.Optional(member)?.Wrong(isProgram ? "this goes with \"url\" only" : "this goes with \"command\" only");
        }
    }

    private static ImmutableArray<string> Words(ElementReader list, int least) =>
        [.. list.Array(least, MaxWords).Select((item, i) => Plain(list.At(i, item), isEmptyAllowed: i > 0))];

    private static string Folder(ElementReader folder, string directory)
    {
        var text = Plain(folder, isEmptyAllowed: false);
        return text.Length == 0 ? directory : Path.GetFullPath(text, directory);
    }

    private static ImmutableDictionary<string, string> Variables(ElementReader environment) =>
        Members(environment, "an object, such as {\"NAME\": \"value\"}", (name, value) =>
        {
            CheckVariable(value, name);
            return Plain(value, isEmptyAllowed: true);
        });

    private static ImmutableArray<string> VariableNames(ElementReader list) =>
        [.. list.Array(1, MaxVariables).Select((item, i) => VariableName(list.At(i, item)))];

    private static string VariableName(ElementReader item)
    {
        var name = item.Text(MaxText);
        if (name.Length > 0)
        {
            CheckVariable(item, name);
        }

        return name;
    }

    private static void CheckVariable(ElementReader place, string name)
    {
        if (name.Length is 0 or > 128 || name.AsSpan().ContainsAnyExcept(VariableCharacters) || char.IsAsciiDigit(name[0]))
        {
            place.Wrong("an environment variable's name has letters, digits and '_', no digit first, and at most 128 characters");
        }
    }

    private static Uri? Address(ElementReader url)
    {
        var text = url.Text(2000);
        if (text.Length == 0)
        {
            return null;
        }

        if (!Uri.TryCreate(text, UriKind.Absolute, out var address) || (address.Scheme != Uri.UriSchemeHttp && address.Scheme != Uri.UriSchemeHttps))
        {
            url.Wrong("this is no address of a server; write one such as \"http://127.0.0.1:3001/mcp\"");
            return null;
        }

        if (address.UserInfo.Length > 0)
        {
            url.Wrong("this holds a password; leave it out and name an environment variable under \"headerEnv\", such as {\"Authorization\": \"DOCS_TOKEN\"}");
        }

        return address;
    }

    private static ImmutableDictionary<string, string> Headers(ElementReader headers) =>
        Members(headers, "an object, such as {\"Authorization\": \"DOCS_TOKEN\"}", (name, variable) =>
        {
            if (name.Length is 0 or > 128 || name.AsSpan().ContainsAnyExcept(HeaderCharacters))
            {
                variable.Wrong("this is no name of an HTTP header");
            }
            else if (OwnHeaders.Contains(name, StringComparer.OrdinalIgnoreCase) || name.StartsWith("Mcp-", StringComparison.OrdinalIgnoreCase))
            {
                variable.Wrong("this header is the protocol's own; leave it out");
            }

            return VariableName(variable);
        });

    private static ImmutableDictionary<string, string> Members(ElementReader list, string wanted, Func<string, ElementReader, string> read)
    {
        if (list.Element.ValueKind != JsonValueKind.Object)
        {
            list.Wrong($"this is {ElementReader.Kind(list.Element)}; it must be {wanted}");
            return ImmutableDictionary<string, string>.Empty;
        }

        if (list.Element.GetPropertyCount() > MaxVariables)
        {
            list.Wrong($"this has {list.Element.GetPropertyCount()} members; at most {MaxVariables} are allowed");
            return ImmutableDictionary<string, string>.Empty;
        }

        return list.Element.EnumerateObject().ToImmutableDictionary(member => member.Name, member => read(member.Name, list.At(member.Name, member.Value)));
    }

    private static ImmutableArray<string> Tools(ElementReader list) =>
        [.. list.Array(0, MaxWords).Select((item, i) => Tool(list.At(i, item)))];

    private static string Tool(ElementReader item)
    {
        var name = item.Text(MaxText);
        if (name.Length == 0 || name == ToolNames.All)
        {
            return name;
        }

        if (!ToolNames.IsTool(name))
        {
            item.Wrong($"a tool's name has 1 to {ToolNames.MaxToolLength} of the letters a to z, digits, '_', '-' and '.'; \"*\" stands for all");
        }

        return name;
    }

    private static string Plain(ElementReader text, bool isEmptyAllowed)
    {
        if (isEmptyAllowed && text.Element.ValueKind == JsonValueKind.String && text.Element.GetString()!.Length == 0)
        {
            return "";
        }

        var plain = text.Text(MaxText);
        if (plain.Contains('\0'))
        {
            text.Wrong("this holds a zero character, which no program can be given");
        }

        return plain;
    }
}
