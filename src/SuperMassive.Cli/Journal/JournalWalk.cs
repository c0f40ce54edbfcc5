using SuperMassive.Core.Journal;
using SuperMassive.Server.Journal;

namespace SuperMassive.Cli.Journal;

/// <summary>A stretch of a file or a journal that could not be read.</summary>
/// <param name="File">Its path.</param>
/// <param name="Lsn">The first bad byte.</param>
/// <param name="Offset">The same, counted from the file's first byte.</param>
/// <param name="LastPage">The last page that is bad in the same way; the first is the one of <paramref name="Lsn"/>.</param>
internal sealed record WalkDamage(string File, long Lsn, long Offset, long Page, long LastPage, string What);

/// <summary>Reads every record that can be read, going on behind damage at the next page that is whole.</summary>
internal sealed class JournalWalk
{
    private const int ReadBytes = 1 << 20;

    private readonly RecordHandler _record;
    private readonly List<WalkDamage> _damages = [];

    private JournalWalk(RecordHandler record) => _record = record;

    /// <summary>Where it ended: the end of the last whole record.</summary>
    public long EndLsn { get; private set; }

    /// <summary>Bytes behind <see cref="EndLsn"/> that are the beginning of a record, or damage that nothing readable follows.</summary>
    public long UnfinishedBytes { get; private set; }

    public IReadOnlyList<WalkDamage> Damages => _damages;

    /// <summary>Where the reader stands while a record is handed over: the end of the one before.</summary>
    public Func<long> Position { get; private set; } = static () => 0;

    /// <summary>Whoever takes the records has enough of them.</summary>
    public bool IsStopped { get; private set; }

    /// <summary>Epoch of the last page that was read.</summary>
    public uint Epoch { get; private set; }

    /// <summary>The checkpoint's header; null for a journal, or when it could not be read.</summary>
    public CheckpointHeader? Header { get; private set; }

    /// <summary>The checkpoint's trailer; null for a journal, or when it has none.</summary>
    public CheckpointTrailer? Trailer { get; private set; }

    /// <summary>No more is read than what was read already.</summary>
    public void Stop() => IsStopped = true;

    /// <param name="fromLsn">Records that begin before the page of this are passed over.</param>
    public static JournalWalk OverJournal(JournalView view, RecordHandler record, long fromLsn = 0, Action<JournalWalk>? begin = null)
    {
        var walk = new JournalWalk(record);
        begin?.Invoke(walk);
        var start = FirstPageStart(view, Math.Max(view.StartLsn, Page.StartOf(Page.NumberOf(fromLsn))));
        walk.EndLsn = start;
        if (start >= view.EndLsn)
            return walk;
        if (view.Id is not { } id)
        {
            walk._damages.Add(new WalkDamage(view.FileOf(start)!.FullPath, start, start - view.FileOf(start)!.StartLsn,
                Page.NumberOf(start), Page.NumberOf(view.EndLsn - 1), "nothing says which journal it is, so nothing can be checked"));
            return walk;
        }
        walk.Read(
            lsn => new JournalReader(id, lsn, view.SegmentPages),
            (lsn, to) => view.Read(lsn, to),
            lsn => (view.FileOf(lsn)!.FullPath, lsn - view.FileOf(lsn)!.StartLsn),
            start, view.EndLsn, view.Mark?.SyncedLsn ?? 0);
        return walk;
    }

    public static JournalWalk OverCheckpoint(ViewedFile file, RecordHandler record, Action<JournalWalk>? begin = null)
    {
        var walk = new JournalWalk(record);
        begin?.Invoke(walk);
        var reader = new CheckpointReader();
        walk.Position = () => reader.FedBytes;
        var buffer = new byte[ReadBytes];
        for (int count; (count = JournalView.ReadFully(file.Handle, reader.FedBytes, buffer)) > 0;)
        {
            if (!reader.Feed(buffer.AsSpan(0, count), record) || walk.IsStopped)
                break;
        }
        (walk.Header, walk.Trailer) = (reader.Header, reader.Trailer);
        walk.EndLsn = reader.FedBytes;
        if (reader.Damage is { } damage)
            walk.GoOnBehind(file, damage);
        else if (!reader.IsComplete && !walk.IsStopped)
            walk._damages.Add(new WalkDamage(file.FullPath, reader.FedBytes, reader.FedBytes,
                Page.NumberOf(reader.FedBytes), Page.NumberOf(reader.FedBytes),
                "it ends without a trailer, so it is no checkpoint"));
        return walk;
    }

    /// <summary>Pages of a checkpoint are sealed with an id of their own, which its first page names.</summary>
    private void GoOnBehind(ViewedFile file, JournalDamage damage)
    {
        AddDamage(file.FullPath, damage.Lsn, damage.Lsn, damage.What);
        Span<byte> head = stackalloc byte[SegmentHead.EndOffset];
        if (damage.Page == 0 || JournalView.ReadFully(file.Handle, 0, head) < head.Length)
            return;
        var id = JournalId.Read(head[^JournalId.Bytes..]);
        Read(
            lsn => new JournalReader(id, lsn, segmentPages: long.MaxValue),
            (lsn, to) => JournalView.ReadFully(file.Handle, lsn, to[..(int)Math.Clamp(file.LengthBytes - lsn, 0, to.Length)]),
            lsn => (file.FullPath, lsn),
            Page.StartOf(damage.Page + 1), file.LengthBytes, file.LengthBytes);
    }

    private void Read(
        Func<long, JournalReader> begin, ReadAt read, Func<long, (string File, long Offset)> place, long start, long end, long syncedLsn)
    {
        var buffer = new byte[ReadBytes];
        JournalReader reader;
        var tail = _damages.Count;
        for (var lsn = start; ; lsn = Page.StartOf(reader.Damage!.Page + 1))
        {
            var current = reader = begin(lsn);
            Position = () => current.AppliedLsn;
            for (int count; !IsStopped && reader.Damage is null && (count = read(reader.FedLsn, buffer)) > 0;)
                reader.Feed(buffer.AsSpan(0, count), Take);
            if (reader.AppliedLsn > lsn)
                EndLsn = reader.AppliedLsn;
            if (reader.Epoch > 0)
                Epoch = reader.Epoch;
            if (IsStopped)
                return;
            if (reader.Damage is null)
                break;
            var (file, offset) = place(reader.Damage.Lsn);
            AddDamage(file, reader.Damage.Lsn, offset, reader.Damage.What);
            if (Page.StartOf(reader.Damage.Page + 1) >= end)
                break;
        }
        EndWith(reader, tail, end, syncedLsn, place);

        void Take(in Record record, long endLsn)
        {
            tail = _damages.Count; // whatever was damaged so far has something readable behind it
            _record(in record, endLsn);
        }
    }

    /// <summary>Damage in what was never synced, with nothing readable behind it, is what a crash leaves.</summary>
    private void EndWith(JournalReader reader, int tail, long end, long syncedLsn, Func<long, (string File, long Offset)> place)
    {
        UnfinishedBytes = end - EndLsn;
        var firstBadLsn = tail < _damages.Count ? _damages[tail].Lsn : reader.FedLsn;
        if (firstBadLsn >= syncedLsn)
        {
            _damages.RemoveRange(tail, _damages.Count - tail);
        }
        else if (tail == _damages.Count)
        {
            var (file, offset) = place(Math.Max(firstBadLsn - 1, 0));
            AddDamage(file, firstBadLsn, offset + 1, $"it ends here, although the disk held it up to LSN {syncedLsn}");
        }
    }

    private void AddDamage(string file, long lsn, long offset, string what)
    {
        var page = Page.NumberOf(lsn);
        if (_damages is [.., var last] && last.File == file && last.What == what && last.LastPage == page - 1)
            _damages[^1] = last with { LastPage = page };
        else
            _damages.Add(new WalkDamage(file, lsn, offset, page, page, what));
    }

    /// <summary>Where a segment's beginning was never received there is a hole.</summary>
    private static long FirstPageStart(JournalView view, long lsn)
    {
        Span<byte> page = stackalloc byte[Page.PageBytes];
        if (view.Mark is not null)
            return lsn;
        for (var at = lsn; at < view.EndLsn; at += Page.PageBytes)
        {
            if (page[..view.Read(at, page)].ContainsAnyExcept((byte)0))
                return at;
        }
        return lsn;
    }

    private delegate int ReadAt(long lsn, Span<byte> to);
}
