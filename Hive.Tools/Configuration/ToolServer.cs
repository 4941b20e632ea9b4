using System.Collections.Immutable;

namespace Hive.Tools.Configuration;

/// <summary>A server of the Model Context Protocol, as its owner lists it: how it is reached, and what its tools may do. Names of tools are the server's own, without its name before them.</summary>
public sealed record ToolServer
{
    /// <summary>Its name: the first part of its tools' names.</summary>
    public required string Name { get; init; }

    /// <summary>The program that is the server, and its arguments; empty where it is reached by <see cref="Url"/>.</summary>
    public ImmutableArray<string> Command { get; init; } = [];

    /// <summary>The full path of the folder that the program runs in.</summary>
    public required string Directory { get; init; }

    /// <summary>What the program finds in its environment, beside the few variables that every program gets.</summary>
    public ImmutableDictionary<string, string> Environment { get; init; } = ImmutableDictionary<string, string>.Empty;

    /// <summary>Variables of Hive's own environment that the program gets too.</summary>
    public ImmutableArray<string> PassEnvironment { get; init; } = [];

    /// <summary>Where the server is reached by streamable HTTP; absent where it is a program.</summary>
    public Uri? Url { get; init; }

    /// <summary>Headers of every request, and the variables of Hive's environment that hold their values.</summary>
    public ImmutableDictionary<string, string> HeaderEnvironment { get; init; } = ImmutableDictionary<string, string>.Empty;

    /// <summary>Tools that only read, whatever the server says; <c>*</c> stands for all others.</summary>
    public ImmutableArray<string> ReadOnly { get; init; } = [];

    /// <summary>Tools that have side effects, whatever the server says; <c>*</c> stands for all others.</summary>
    public ImmutableArray<string> SideEffects { get; init; } = [];

    /// <summary>Tools whose side effects need no person's approval; <c>*</c> stands for all.</summary>
    public ImmutableArray<string> Approve { get; init; } = [];

    /// <summary>The tools that are to be had; <c>*</c> stands for all.</summary>
    public ImmutableArray<string> Allow { get; init; } = [ToolNames.All];

    /// <summary>How long a call may take.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(60);
}
