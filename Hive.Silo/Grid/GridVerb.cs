using System.Text.Json;
using Hive.Client;
using Hive.Client.Grid;

namespace Hive.Silo.Grid;

/// <summary>A verb that a function answers.</summary>
internal sealed class GridVerb(string name, Func<IHive, string, JsonElement, CancellationToken, Task<byte[]>> answer) : IGridVerb
{
    public string Name => name;

    /// <summary>The id that a request is about. Another's is as unknown as one that does not exist.</summary>
    /// <exception cref="KeyNotFoundException">It is not the user's.</exception>
    /// <exception cref="ArgumentException">There is none.</exception>
    public static string IdOf(string user, JsonElement request, string what)
    {
        var id = GoalId.Check(GridApi.Text(request, "id") ?? throw new ArgumentException($"the request has no \"id\": name the {what}"));
        return GridApi.MayTouch(user, id) ? id : throw new KeyNotFoundException($"there is no {what} {id}");
    }

    public Task<byte[]> AnswerAsync(IHive hive, string user, JsonElement request, CancellationToken cancellation) => answer(hive, user, request, cancellation);
}
