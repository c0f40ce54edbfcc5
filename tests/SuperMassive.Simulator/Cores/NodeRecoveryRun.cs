using SuperMassive.Core.Journal;
using SuperMassive.Core.Node;
using SuperMassive.Core.Storage;
using SuperMassive.Simulator.Processes;

namespace SuperMassive.Simulator.Cores;

/// <summary>What a shell does before it makes a node: newest valid checkpoint, journal, verdict, repair.</summary>
internal static class NodeRecoveryRun
{
    /// <summary>More damaged pages than this are no bit flips.</summary>
    private const int MaxRepairs = 64;

    /// <returns>Null with the reason when the node may not start.</returns>
    public static NodeRecovery? Recover(SimNode node, out string refusal)
    {
        for (var repairs = 0; ; repairs++)
        {
            var recovery = Read(node, out var verdict, out refusal);
            if (verdict.State != JournalState.Corrupt)
                return recovery;
            recovery.Data.Dispose();
            if (repairs == MaxRepairs || verdict.Damage is null || !TryRepair(node, verdict.Damage.Page))
                return null;
        }
    }

    private static NodeRecovery Read(SimNode node, out JournalVerdict verdict, out string refusal)
    {
        var recovery = new NodeRecovery(KeyHash.SeedFrom(node.Settings.SharedKey), node.SegmentPages);
        refusal = "";
        foreach (var checkpoint in node.Checkpoints.NewestFirst)
        {
            recovery.BeginCheckpoint();
            recovery.FeedCheckpoint(checkpoint.File.Written);
            if (recovery.EndCheckpoint(out var problem))
                break;
            refusal += $"checkpoint {checkpoint.Lsn}: {problem}. ";
        }
        if (node.Settings.IsReplica && recovery.IsUnfinishedSync(node.FirstJournalLsn))
            node.ResetJournal(0);
        var mayHaveHoles = node.Mark.Boot != node.Boots;
        var scan = recovery.BeginScan(node.FirstJournalLsn, node.Journal.Length, node.Mark.SyncedLsn, mayHaveHoles);
        if (scan.Reader.Damage is null)
            scan.Feed(node.Journal.Written[(int)recovery.StartLsn..], recovery.Apply);
        verdict = scan.Finish();
        if (verdict.State == JournalState.Corrupt)
        {
            refusal += $"journal of LSN {node.FirstJournalLsn} to {node.Journal.Length}, synced through {node.Mark.SyncedLsn}: "
                + $"{verdict.Damage}, intact data behind it at {verdict.ValidAfterLsn}";
            return recovery;
        }
        refusal = "";
        node.TruncateJournal(verdict.EndLsn);
        node.Mark.Write(verdict.EndLsn, node.Boots, node.Random);
        recovery.Complete(scan.Reader.Id, scan.Reader.Epoch, verdict.EndLsn, scan.Reader.DataBytes);
        return recovery;
    }

    /// <summary>
    /// Takes a page over from a replica that can be reached and whose pages around it are the same. One that does not verify is not taken.
    /// </summary>
    private static bool TryRepair(SimNode node, long page)
    {
        var from = (int)Page.StartOf(page);
        foreach (var peer in node.Settings.Replicas)
        {
            if (node.World.Network.Find(peer.Address) is not SimNode { IsRunning: true } replica
                || !node.World.Network.CanDial(node, replica) || replica.FirstJournalLsn > from)
                continue;
            var count = Math.Min(Page.PageBytes, Math.Min(node.Journal.Length, replica.Journal.Length) - from);
            if (count <= 0 || replica.IsDamaged(from, count) || !IsSameAround(node, replica, from))
                continue;
            var bytes = replica.Journal.Written.Slice(from, count);
            if (bytes.SequenceEqual(node.Journal.Written.Slice(from, count)))
                continue;
            node.World.Say($"{node.Name} takes page {page} from {replica.Name}");
            node.World.PagesRepaired++;
            node.MendPage(from, bytes);
            return true;
        }
        return false;
    }

    private static bool IsSameAround(SimNode node, SimNode replica, int from)
    {
        var first = (int)Math.Max(node.FirstJournalLsn, replica.FirstJournalLsn);
        var end = Math.Min(node.Journal.Length, replica.Journal.Length);
        var next = Math.Min(from + Page.PageBytes, end);
        return from >= first
            && node.Journal.Written[first..from].SequenceEqual(replica.Journal.Written[first..from])
            && node.Journal.Written[next..end].SequenceEqual(replica.Journal.Written[next..end]);
    }
}
