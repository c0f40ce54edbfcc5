using SuperMassive.Core.Journal;
using SuperMassive.Core.Node;
using SuperMassive.Core.Storage;
using SuperMassive.Server.Journal.Repair;

namespace SuperMassive.Server.Journal;

/// <summary>A node's journal and what it amounts to, ready to be gone on with.</summary>
/// <param name="Notes">What an operator should know of how it came about, a line each.</param>
public sealed record StartedJournal(JournalFiles Files, NodeRecovery Recovery, JournalRecoveryResult Result, IReadOnlyList<string> Notes);

/// <summary>
/// From a directory to a recovered node: repairs a primary's damaged journal from a replica, lets a replica with a damaged journal
/// start over, and refuses the rest.
/// </summary>
public static class JournalStart
{
    /// <summary>Each repair ends at another damage or none; more than a few means that the disk does not keep what it is given.</summary>
    private const int MaxRepairs = 8;

    /// <summary>Blocks for as long as the files take to be read.</summary>
    /// <exception cref="JournalFileException"/>
    /// <exception cref="JournalCorruptException"/>
    public static StartedJournal Open(
        string directory, NodeSettings settings, bool acceptLoss = false, Action<long, long>? progress = null) =>
        Open(JournalFiles.Open(directory), settings, acceptLoss, progress);

    internal static StartedJournal Open(JournalFiles files, NodeSettings settings, bool acceptLoss, Action<long, long>? progress)
    {
        var start = new Attempt(files, settings, progress);
        try
        {
            return start.Run(acceptLoss);
        }
        catch
        {
            start.Recovery.Data.Dispose();
            files.Dispose();
            throw;
        }
    }

    private sealed class Attempt(JournalFiles files, NodeSettings settings, Action<long, long>? progress)
    {
        private readonly List<string> _notes = [];

        public NodeRecovery Recovery { get; private set; } = New(files, settings);

        public StartedJournal Run(bool acceptLoss)
        {
            for (var repairs = 0; ; repairs++)
            {
                try
                {
                    return Recover(acceptLoss: false);
                }
                catch (JournalCorruptException corrupt)
                {
                    Recovery.Data.Dispose();
                    Recovery = New(files, settings);
                    var problem = settings.IsReplica
                        ? acceptLoss ? "a replica repairs nothing" : StartOver(corrupt)
                        : repairs < MaxRepairs ? TryRepair(corrupt)
                        : $"it was repaired {repairs} times and is still damaged: check the disk";
                    if (problem is not null && acceptLoss)
                        return AcceptLoss(corrupt);
                    if (problem is not null)
                        throw new JournalCorruptException($"{corrupt.Message} Not repaired: {problem}.", corrupt.Verdict, corrupt.Id);
                }
            }
        }

        private static NodeRecovery New(JournalFiles files, NodeSettings settings) =>
            new(KeyHash.SeedFrom(settings.SharedKey), files.SegmentPages);

        private StartedJournal Recover(bool acceptLoss)
        {
            var result = JournalRecovery.Run(files, Recovery, progress, acceptLoss);
            return new StartedJournal(files, Recovery, result, [.. _notes, .. result.Warnings]);
        }

        private StartedJournal AcceptLoss(JournalCorruptException corrupt)
        {
            _notes.Add($"--accept-loss: everything from LSN {corrupt.Verdict.EndLsn} on is given up. It was: {corrupt.Message}");
            return Recover(acceptLoss: true);
        }

        /// <returns>Why it could not be repaired, or null.</returns>
        private string? TryRepair(JournalCorruptException corrupt)
        {
            if (corrupt.Id is not { } id)
                return "which journal this is cannot be read any more";
            if ((corrupt.Verdict.Damage?.Lsn ?? corrupt.Verdict.EndLsn) < files.FirstLsn)
                return TryRepairCheckpoint(id);
            var repaired = new JournalRepair(files, id, settings.Replicas, settings.SharedKey).Run(corrupt.Verdict, out var problem);
            foreach (var run in repaired)
            {
                var pages = run.FirstPage == run.LastPage ? $"page {run.FirstPage}" : $"pages {run.FirstPage} to {run.LastPage}";
                _notes.Add($"repaired {pages} of {run.File} from replica {run.Replica}");
            }
            return problem.Length == 0 ? null : problem;
        }

        /// <returns>Why it could not be repaired, or null.</returns>
        private string? TryRepairCheckpoint(JournalId id)
        {
            if (new CheckpointRepair(files, id, settings.Replicas, settings.SharedKey).Run(out var problem) is { } note)
                _notes.Add(note);
            return problem.Length == 0 ? null : problem;
        }

        /// <summary>All that a replica holds its primary has too, or had: see <see cref="DamagedJournal"/>.</summary>
        /// <returns>Why it cannot, or null.</returns>
        private string? StartOver(JournalCorruptException corrupt)
        {
            if (files.FirstLsn > 0 && JournalListing.Read(files.Directory).Checkpoints.Count == 0)
            {
                files.Reset(0);
                _notes.Add("what the primary was sending had not arrived whole: this replica starts over");
                return null;
            }
            var folder = Path.Combine(files.Directory, JournalNames.Damaged);
            if (Path.Exists(folder))
                return $"{folder} holds the damaged journal of an earlier time: check the disk, remove that folder, and start again";
            files.PutAside();
            _notes.Add($"this replica starts over from its primary; its damaged journal is put aside in {folder}: "
                + $"remove that folder once the replica is in sync. It was: {corrupt.Message}");
            return null;
        }
    }
}
