using System.Runtime.ExceptionServices;
using Hive.Goals;

namespace Hive.Cognition;

/// <summary>Asks a person and waits for the answer.</summary>
internal sealed class Approvals(Desk desk)
{
    /// <summary>Whether a person approves. It waits until somebody answers.</summary>
    /// <param name="id">What is asked, within the goal.</param>
    /// <param name="what">The question.</param>
    /// <param name="details">What there is to know.</param>
    /// <param name="stop">Stops waiting.</param>
    public async Task<ApprovalGiven> AskAsync(string id, string what, string details, CancellationToken stop)
    {
        if (desk.Progress.Approval(id) is null && !desk.Progress.IsAsked(id))
        {
            await desk.Journal.RecordAsync(new ApprovalAsked(id, what, EntryText.Cut(details)));
        }

        while (true)
        {
            var changed = desk.Journal.Changed;
            if (desk.Progress.Approval(id) is { } given)
            {
                return given;
            }

            if (desk.Journal.Failure is { } failure)
            {
                ExceptionDispatchInfo.Throw(failure);
            }

            await changed.WaitAsync(stop);
        }
    }
}
