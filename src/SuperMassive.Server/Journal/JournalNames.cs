using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace SuperMassive.Server.Journal;

/// <summary>What the files of a journal are called in a process's directory.</summary>
public static class JournalNames
{
    /// <summary>The whole journal in one file, as builds before segments wrote it.</summary>
    public const string Legacy = ".journal";

    /// <summary>How far the journal is on the disk; whoever has it open for writing owns the directory.</summary>
    public const string Mark = "journal.mark";

    /// <summary>A checkpoint while it is written.</summary>
    public const string CheckpointTemporary = "checkpoint.tmp";

    /// <summary>A segment of a journal of an earlier build, while it is copied out of <see cref="Legacy"/>.</summary>
    internal const string SegmentTemporary = "segment.tmp";

    /// <summary>Where the files of a replica's damaged journal are put aside.</summary>
    public const string Damaged = "journal.damaged";

    private const string SegmentPrefix = "journal-";
    private const string CheckpointPrefix = "checkpoint-";
    private const int SegmentDigits = 12;
    private const int CheckpointDigits = 16;

    /// <param name="firstPage">The first page that the segment may hold.</param>
    public static string OfSegment(long firstPage) => SegmentPrefix + firstPage.ToString("D12", CultureInfo.InvariantCulture);

    /// <param name="lsn">Where replay starts after the checkpoint was loaded.</param>
    public static string OfCheckpoint(long lsn) => CheckpointPrefix + lsn.ToString("D16", CultureInfo.InvariantCulture);

    public static bool TryParseSegment([NotNullWhen(true)] string? name, out long firstPage) =>
        TryParse(name, SegmentPrefix, SegmentDigits, out firstPage);

    public static bool TryParseCheckpoint([NotNullWhen(true)] string? name, out long lsn) =>
        TryParse(name, CheckpointPrefix, CheckpointDigits, out lsn);

    private static bool TryParse(string? name, string prefix, int digits, out long number)
    {
        number = 0;
        return name is not null && name.Length == prefix.Length + digits && name.StartsWith(prefix, StringComparison.Ordinal)
            && long.TryParse(name.AsSpan(prefix.Length), NumberStyles.None, CultureInfo.InvariantCulture, out number);
    }
}
