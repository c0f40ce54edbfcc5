using SuperMassive.Core.Journal;
using SuperMassive.Core.Node;

namespace SuperMassive.Server.Journal;

/// <param name="CheckpointLsn">Where the checkpoint stood that was loaded; null when there was none.</param>
/// <param name="EndLsn">Where the journal ends now, and goes on.</param>
/// <param name="Records">Records read, from checkpoint and journal.</param>
/// <param name="ReadBytes">Bytes read of both.</param>
/// <param name="TruncatedBytes">What was cut off behind the last whole record.</param>
/// <param name="Warnings">Checkpoints that could not be used, and why.</param>
public sealed record JournalRecoveryResult(
    long? CheckpointLsn, long EndLsn, long Records, long ReadBytes, long TruncatedBytes, IReadOnlyList<string> Warnings);

/// <summary>
/// The journal is damaged where that is no torn write. Nothing was changed. The message names file, page, LSN and what to do.
/// </summary>
public sealed class JournalCorruptException(string message, JournalVerdict verdict, JournalId? id) : IOException(message)
{
    public JournalVerdict Verdict { get; } = verdict;

    /// <summary>Which journal it is; null when even that could not be read.</summary>
    public JournalId? Id { get; } = id;
}

/// <summary>Reads a node's files when its process starts: the newest checkpoint that is whole, and the journal from there on.</summary>
public sealed class JournalRecovery
{
    private const int ReadBytes = 1 << 20;

    private readonly JournalFiles _files;
    private readonly NodeRecovery _recovery;
    private readonly Action<long, long>? _progress;
    private readonly List<string> _warnings = [];
    private long _doneBytes;
    private long _allBytes;

    private JournalRecovery(JournalFiles files, NodeRecovery recovery, Action<long, long>? progress) =>
        (_files, _recovery, _progress) = (files, recovery, progress);

    /// <summary>Hands over every record, cuts off a torn tail and makes what is left durable. Blocks.</summary>
    /// <param name="recovery">What it was given counts only when this returns.</param>
    /// <param name="progress">Called with bytes read and bytes in all, at least once.</param>
    /// <param name="acceptLoss">Cut the journal off at the first damage, whatever follows (<c>--accept-loss</c>).</param>
    /// <exception cref="JournalCorruptException">Data behind the damage would be lost.</exception>
    /// <exception cref="JournalFileException">The files do not belong together.</exception>
    public static JournalRecoveryResult Run(
        JournalFiles files, NodeRecovery recovery, Action<long, long>? progress = null, bool acceptLoss = false) =>
        new JournalRecovery(files, recovery, progress).Run(acceptLoss);

    private JournalRecoveryResult Run(bool acceptLoss)
    {
        LoadCheckpoint();
        var mark = _files.OpenedMark;
        var scan = _recovery.BeginScan(_files.FirstLsn, _files.EndLsn, mark?.SyncedLsn ?? 0, mayHaveHoles: !_files.IsSameBoot);
        if (scan.Reader.Damage is null)
            ReadJournal(scan);
        var verdict = scan.Finish();
        if (verdict.State == JournalState.Corrupt && !(acceptLoss && MayCut(verdict)))
            throw new JournalCorruptException(Describe(verdict), verdict, scan.Reader.Id ?? _files.Id);
        var surplus = _files.EndLsn - verdict.EndLsn;
        if (surplus > 0)
            _files.Truncate(verdict.EndLsn);
        var reader = scan.Reader;
        _recovery.Complete(reader.Id, reader.Epoch, verdict.EndLsn, reader.DataBytes);
        _files.Recovered(reader.Id);
        return new JournalRecoveryResult(
            _recovery.Checkpoint?.Lsn, verdict.EndLsn, _recovery.Records, _doneBytes, Math.Max(surplus, 0), _warnings);
    }

    private void LoadCheckpoint()
    {
        foreach (var listed in JournalListing.Read(_files.Directory).Checkpoints)
        {
            _allBytes = listed.LengthBytes + Math.Max(0, _files.EndLsn - listed.Lsn);
            _doneBytes = 0;
            if (TryLoad(listed) is not { } problem)
                return;
            _warnings.Add($"checkpoint {listed.FullPath} cannot be used: {problem}");
        }
        _allBytes = _files.EndLsn;
        _doneBytes = 0;
    }

    /// <returns>What is wrong with it, or null.</returns>
    private string? TryLoad(ListedCheckpoint listed)
    {
        OwnedFile.RefuseWhatIsNoFile(listed.FullPath);
        _recovery.BeginCheckpoint();
        using var file = CheckpointFile.OpenToRead(listed.FullPath);
        var buffer = new byte[ReadBytes];
        for (int count; (count = file.Read(buffer)) > 0;)
        {
            Progress(count);
            if (!_recovery.FeedCheckpoint(buffer.AsSpan(0, count)))
                break;
        }
        if (!_recovery.EndCheckpoint(out var problem))
            return problem;
        if (_files.Id is { } id && _recovery.Checkpoint!.JournalId != id)
            throw new JournalFileException(
                $"{listed.FullPath} is of journal {_recovery.Checkpoint.JournalId}, but the segments beside it are of journal {id}: "
                + "files of two nodes are mixed. Nothing was changed: put back the files that belong together.");
        return null;
    }

    private void ReadJournal(JournalScan scan)
    {
        var buffer = new byte[ReadBytes];
        var lsn = _recovery.StartLsn;
        while (true)
        {
            var count = _files.Read(lsn, buffer);
            lsn += count;
            Progress(count);
            if (count == 0 || !scan.Feed(buffer.AsSpan(0, count), _recovery.Apply))
                return;
        }
    }

    private void Progress(int count)
    {
        _doneBytes += count;
        _progress?.Invoke(_doneBytes, Math.Max(_doneBytes, _allBytes));
    }

    /// <summary>
    /// Another journal or a newer format is no loss to accept: it is the wrong file or the wrong build. And without the checkpoint that
    /// the rest relies on there is nothing to go on from.
    /// </summary>
    private bool MayCut(in JournalVerdict verdict) =>
        verdict.Damage?.Kind is not (DamageKind.AnotherJournal or DamageKind.NewerFormat or DamageKind.UnknownFormat)
        && _files.FirstLsn <= _recovery.StartLsn;

    private string Describe(in JournalVerdict verdict)
    {
        if (_files.FirstLsn > _recovery.StartLsn)
            return DescribeMissingCheckpoint();
        var path = PathOf(verdict.Damage?.Lsn ?? verdict.EndLsn);
        var where = verdict.Damage?.ToString() ?? $"unfinished fragment in page {Page.NumberOf(verdict.EndLsn)} at LSN {verdict.EndLsn}";
        var behind = verdict.ValidAfterLsn is { } lsn ? $" with intact data behind it at LSN {lsn}"
            : (_files.OpenedMark?.SyncedLsn ?? 0) > verdict.EndLsn
                ? $", although the disk held it up to LSN {_files.OpenedMark!.Value.SyncedLsn}"
            : _recovery.CheckpointEndLsn > verdict.EndLsn ? $", although the checkpoint was made at LSN {_recovery.CheckpointEndLsn}"
            : "";
        return verdict.Damage?.Kind switch
        {
            DamageKind.NewerFormat => $"journal {path}: {where}. Start that version or a later one.",
            DamageKind.AnotherJournal or DamageKind.UnknownFormat => $"journal {path}: {where}. Restore the file from a replica's journal.",
            _ => $"journal {path} is corrupt: {where}{behind}. Nothing was changed. Put a replica's journal files in the place of these, "
                + $"or start with --accept-loss to give up everything from LSN {verdict.EndLsn} on.",
        };
    }

    private string DescribeMissingCheckpoint() =>
        $"the journal in {_files.Directory} begins at LSN {_files.FirstLsn}, and there is no checkpoint for what was before"
        + $"{(_warnings.Count > 0 ? $" ({string.Join("; ", _warnings)})" : "")}. Nothing was changed. Put a replica's journal files in the "
        + "place of these, or move them away to begin with an empty node; \"supermassive journal dump\" shows what can still be read.";

    private string PathOf(long lsn) =>
        Path.Combine(_files.Directory, JournalNames.OfSegment(Page.NumberOf(lsn) / _files.SegmentPages * _files.SegmentPages));
}
