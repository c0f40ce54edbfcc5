using System.Globalization;
using SuperMassive.Core;
using SuperMassive.Core.Journal;

namespace SuperMassive.Server.Journal.Repair;

/// <summary>Gives a primary whose checkpoints are all damaged, or gone, that of a replica which holds the same journal, byte for byte.</summary>
/// <remarks>
/// <para>
/// A replica's checkpoint holds what replaying its journal gives. It stands in for the primary's own when replay can go on from it here, and
/// when both journals are the same from there to the end of what went into it: else it holds what this journal never had.
/// </para>
/// <para>Nothing is installed before all of it was fetched and proved.</para>
/// </remarks>
internal sealed class CheckpointRepair(JournalFiles files, JournalId id, IReadOnlyList<PeerAddress> replicas, byte[] sharedKey)
{
    /// <summary>A replica that installs checkpoints faster than they can be fetched cannot help.</summary>
    private const int MaxFetches = 3;

    private const int ComparedBytes = 256 << 10;

    /// <param name="problem">Why no replica could help; empty when one did.</param>
    /// <returns>What was done, for the operator; null when nothing was changed.</returns>
    public string? Run(out string problem)
    {
        problem = "";
        List<string> problems = [];
        foreach (var address in replicas)
        {
            try
            {
                using var replica = ReplicaJournal.ConnectPatiently(address, sharedKey);
                if (Repair(replica, out var lsn) is not { } why)
                    return string.Create(CultureInfo.InvariantCulture,
                        $"took checkpoint {Path.Combine(files.Directory, JournalNames.OfCheckpoint(lsn))} from replica {address.Address}");
                problems.Add($"{address.Address}: {why}");
            }
            catch (JournalFileException)
            {
                throw; // this disk's, no replica's
            }
            catch (IOException e)
            {
                problems.Add($"{address.Address}: {e.Message}");
            }
        }
        problem = problems.Count == 0
            ? "no replica is configured that could help"
            : $"no replica could help ({string.Join("; ", problems)})";
        return null;
    }

    /// <returns>Why the replica cannot help, or null.</returns>
    private string? Repair(ReplicaJournal replica, out long lsn)
    {
        lsn = 0;
        if (replica.Id is not { } theirs)
            return "it holds nothing";
        if (theirs != id)
            return $"it holds another journal ({theirs}, not {id})";
        using var file = new CheckpointFile(files.Directory);
        var reader = new CheckpointReader(id);
        var problem = Fetch(replica, file, ref reader) ?? ProblemOf(reader) ?? ProblemOf(replica, reader.Header!.Lsn, reader.Trailer!.Value.EndLsn);
        if (problem is not null)
        {
            file.Abandon();
            return problem;
        }
        lsn = reader.Header!.Lsn;
        file.Install(lsn);
        return null;
    }

    private string? Fetch(ReplicaJournal replica, CheckpointFile file, ref CheckpointReader reader)
    {
        for (var fetches = 1; ; fetches++)
        {
            var begun = default(CheckpointPart?);
            while (true)
            {
                var part = replica.ReadCheckpoint(reader.FedBytes);
                if (part.TotalBytes == 0)
                    return "it has no checkpoint";
                begun ??= part;
                if (part.CheckpointLsn != begun.CheckpointLsn || part.TotalBytes != begun.TotalBytes)
                    break;
                if (!reader.Feed(part.Bytes, (in Record _, long _) => { }) || part.Bytes.Length == 0)
                    return null; // what is wrong with it the reader knows
                file.Write(part.Bytes);
                if (reader.FedBytes >= part.TotalBytes)
                    return null;
            }
            if (fetches == MaxFetches)
                return "its checkpoint is replaced again and again";
            file.Abandon();
            reader = new CheckpointReader(id);
        }
    }

    private string? ProblemOf(CheckpointReader reader)
    {
        if (!reader.IsComplete)
            return $"its checkpoint is damaged too: {reader.Damage?.ToString() ?? $"it ends unfinished after {reader.FedBytes} bytes"}";
        if (reader.Header!.Lsn < files.FirstLsn)
            return $"its checkpoint is of LSN {reader.Header.Lsn}, before this journal begins";
        var endLsn = reader.Trailer!.Value.EndLsn;
        return endLsn > files.EndLsn ? $"its checkpoint holds what was written up to LSN {endLsn}, and this journal ends at {files.EndLsn}" : null;
    }

    /// <summary>Compares both journals from before the checkpoint to the end of the page in which the last of it was written.</summary>
    private string? ProblemOf(ReplicaJournal replica, long lsn, long endLsn)
    {
        var startLsn = Math.Max(files.FirstLsn, Page.StartOf(Page.NumberOf(Math.Max(0, lsn - 1))));
        var stopLsn = Math.Min(files.EndLsn, Page.StartOf(Page.NumberOf(endLsn) + 1));
        var mine = new byte[ComparedBytes];
        for (var at = startLsn; at < stopLsn;)
        {
            var part = mine.AsSpan(0, files.Read(at, mine.AsSpan(0, (int)Math.Min(mine.Length, stopLsn - at))));
            var theirs = replica.Read(at, part.Length);
            var isAll = at + theirs.Length >= endLsn;
            if (part.IsEmpty || !part[..theirs.Length].SequenceEqual(theirs) || (theirs.Length < part.Length && !isAll))
                return $"its journal from LSN {at} on is not the same";
            at += theirs.Length;
            if (theirs.Length < part.Length)
                stopLsn = at;
        }
        return stopLsn - startLsn > Page.HeaderBytes + Fragment.MinBytes ? null : "its checkpoint cannot be shown to be of the same history";
    }
}
