using SuperMassive.Core.Journal;

namespace SuperMassive.Server.Journal;

/// <param name="JournalId">Null when the journal is empty.</param>
/// <param name="Epoch">The epoch of the page that <paramref name="EndLsn"/> ends in.</param>
/// <param name="EndLsn">Where the file ends now, and the journal goes on.</param>
/// <param name="Records">Records handed over.</param>
/// <param name="DataBytes">Bytes of those records, without headers and padding.</param>
/// <param name="TruncatedBytes">What was cut off behind the last whole record.</param>
public readonly record struct JournalRecoveryResult(
    JournalId? JournalId, uint Epoch, long EndLsn, long Records, long DataBytes, long TruncatedBytes);

/// <summary>
/// The journal is damaged where that is no torn write. Nothing was changed. The message names file, page, LSN and what to do.
/// </summary>
public sealed class JournalCorruptException(string message, JournalVerdict verdict) : IOException(message)
{
    public JournalVerdict Verdict { get; } = verdict;
}

/// <summary>Reads a journal from its beginning when a process starts.</summary>
public static class JournalRecovery
{
    private const int ReadBytes = 1 << 20;

    /// <summary>Hands over every record, cuts off a torn tail and says where the journal goes on. Blocks.</summary>
    /// <param name="handler">What it was given counts only when this returns.</param>
    /// <param name="progress">Called with bytes read and bytes in all, at least once.</param>
    /// <param name="acceptLoss">Cut the journal off at the first damage, whatever follows (<c>--accept-loss</c>).</param>
    /// <exception cref="JournalCorruptException">Data behind the damage would be lost.</exception>
    public static JournalRecoveryResult Run(
        PageFile file, RecordHandler handler, Action<long, long>? progress = null, bool acceptLoss = false)
    {
        var records = 0L;
        var scan = new JournalScan();
        Read(file, scan, Count, progress);
        var verdict = scan.Finish();
        if (verdict.State == JournalState.Corrupt && !MayCut(verdict, acceptLoss))
            throw new JournalCorruptException(Describe(file.FullPath, verdict), verdict);
        var surplus = file.Length - verdict.EndLsn;
        if (surplus > 0)
            file.Truncate(verdict.EndLsn);
        var reader = scan.Reader;
        return new JournalRecoveryResult(reader.Id, reader.Epoch, verdict.EndLsn, records, reader.DataBytes, surplus);

        void Count(in Record record, long endLsn)
        {
            records++;
            handler(in record, endLsn);
        }
    }

    private static void Read(PageFile file, JournalScan scan, RecordHandler handler, Action<long, long>? progress)
    {
        var buffer = new byte[Math.Min(ReadBytes, file.Length)];
        var lsn = 0L;
        while (true)
        {
            progress?.Invoke(lsn, file.Length);
            var count = file.Read(lsn, buffer);
            lsn += count;
            if (count == 0 || !scan.Feed(buffer.AsSpan(0, count), handler))
                return;
        }
    }

    /// <summary>Another journal or a newer format is no loss to accept: it is the wrong file or the wrong build.</summary>
    private static bool MayCut(JournalVerdict verdict, bool acceptLoss) =>
        acceptLoss && verdict.Damage?.Kind is not (DamageKind.AnotherJournal or DamageKind.NewerFormat or DamageKind.UnknownFormat);

    private static string Describe(string path, JournalVerdict verdict)
    {
        var where = verdict.Damage?.ToString() ?? $"unfinished fragment in page {Page.NumberOf(verdict.EndLsn)} at LSN {verdict.EndLsn}";
        var behind = verdict.ValidAfterLsn is { } lsn ? $" with intact data behind it at LSN {lsn}" : "";
        return verdict.Damage?.Kind switch
        {
            DamageKind.NewerFormat => $"journal {path}: {where}. Start that version or a later one.",
            DamageKind.AnotherJournal or DamageKind.UnknownFormat => $"journal {path}: {where}. Restore the file from a replica's journal.",
            _ => $"journal {path} is corrupt: {where}{behind}. Nothing was changed. Copy the journal of a replica over it, "
                + $"or start with --accept-loss to give up everything from LSN {verdict.EndLsn} on.",
        };
    }
}
