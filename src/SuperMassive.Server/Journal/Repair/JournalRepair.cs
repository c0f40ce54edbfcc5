using SuperMassive.Core;
using SuperMassive.Core.Journal;

namespace SuperMassive.Server.Journal.Repair;

/// <summary>Pages that were put back.</summary>
/// <param name="File">The segment's path.</param>
public readonly record struct RepairedPages(string File, long FirstPage, long LastPage, string Replica);

/// <summary>Puts back damaged pages of a primary's journal from a replica that holds the same journal, byte for byte.</summary>
/// <remarks>
/// <para>
/// That a replica's page is sealed for its place is not enough: two histories of one journal may have used the same epoch number. So a
/// stretch of pages is taken only with proof that both journals are the same behind it: an intact page behind the damage, or a sealed
/// fragment in the damaged page, that both have; or, where synced bytes are missing at the end, the checksum of the last synced page
/// that the mark keeps.
/// </para>
/// <para>Nothing is written before everything that is damaged was fetched and proved.</para>
/// </remarks>
internal sealed class JournalRepair(JournalFiles files, JournalId id, IReadOnlyList<PeerAddress> replicas, byte[] sharedKey)
{
    /// <summary>Repairs what is damaged from the place where recovery stopped.</summary>
    /// <param name="verdict">What recovery found.</param>
    /// <param name="problem">Why no replica could help; empty when one did.</param>
    /// <returns>What was put back; empty when nothing was changed.</returns>
    public IReadOnlyList<RepairedPages> Run(in JournalVerdict verdict, out string problem)
    {
        problem = "";
        var damage = DamagedPages.Find(files, id, verdict);
        if (damage.Runs.Count == 0)
        {
            problem = "every page is sealed, so no page is known that should be replaced";
            return [];
        }
        List<string> problems = [];
        foreach (var replica in replicas)
        {
            try
            {
                using var journal = ReplicaJournal.ConnectPatiently(replica, sharedKey);
                if (Repair(damage, journal) is { } why)
                    problems.Add($"{replica.Address}: {why}");
                else
                    return [.. damage.Runs.Select(run => new RepairedPages(PathOf(run), run.First, run.Last, replica.Address))];
            }
            catch (IOException e)
            {
                problems.Add($"{replica.Address}: {e.Message}");
            }
        }
        problem = problems.Count == 0
            ? "no replica is configured that could help"
            : $"no replica could help ({string.Join("; ", problems)})";
        return [];
    }

    /// <returns>Why the replica cannot help, or null when all was put back.</returns>
    private string? Repair(DamagedPages damage, ReplicaJournal replica)
    {
        if (replica.Id is not { } theirs)
            return "it holds nothing";
        if (theirs != id)
            return $"it holds another journal ({theirs}, not {id})";
        var fetched = new List<(PageRun Run, byte[] Bytes)>(damage.Runs.Count);
        foreach (var run in damage.Runs)
        {
            var startLsn = Page.StartOf(run.First);
            // and the page behind, for proof
            var bytes = replica.Read(startLsn, Page.StartOf(run.Last + 2) - startLsn);
            if (damage.ProblemOf(run, bytes) is { } problem)
                return problem;
            fetched.Add((run, bytes));
        }
        foreach (var (run, bytes) in fetched)
        {
            var startLsn = Page.StartOf(run.First);
            var endLsn = Math.Min(Page.StartOf(run.Last + 1), Math.Max(files.EndLsn, damage.SyncedLsn));
            files.Repair(startLsn, bytes.AsSpan(0, (int)Math.Min(bytes.Length, endLsn - startLsn)));
        }
        return null;
    }

    private string PathOf(PageRun run) =>
        Path.Combine(files.Directory, JournalNames.OfSegment(run.First / files.SegmentPages * files.SegmentPages));
}
