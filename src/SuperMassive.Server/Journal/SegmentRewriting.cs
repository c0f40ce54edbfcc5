namespace SuperMassive.Server.Journal;

/// <summary>Writing to what was written before, which only recovery does.</summary>
internal static class SegmentRewriting
{
    private const int CopyBytes = 1 << 20;

    /// <summary>Overwrites damaged bytes with what they were, durably.</summary>
    public static void Repair(SegmentList segments, long lsn, ReadOnlySpan<byte> bytes)
    {
        for (var rest = bytes; !rest.IsEmpty;)
        {
            var at = lsn + bytes.Length - rest.Length;
            var segment = segments.ToWrite(at);
            var count = (int)Math.Min(rest.Length, segment.EndLsn - at);
            segment.Write(at, rest[..count]);
            segment.Sync();
            rest = rest[count..];
        }
    }

    /// <summary>
    /// Writes what no fsync has confirmed over itself. After an fsync that failed the kernel takes such pages for clean although they are
    /// not on the disk (see fsync(2), EIO): the next one would confirm them all the same, and a power cut take them.
    /// </summary>
    public static void WriteAgain(SegmentList segments, long fromLsn, long toLsn)
    {
        var buffer = new byte[Math.Clamp(toLsn - fromLsn, 0, CopyBytes)];
        for (var at = fromLsn; at < toLsn && segments.Find(at) is { } segment;)
        {
            var part = buffer.AsSpan(0, (int)Math.Min(buffer.Length, Math.Min(toLsn, segment.EndLsn) - at));
            var count = segment.Read(at, part);
            segment.Write(at, part[..count]);
            at = count > 0 ? at + count : segment.EndLsn;
        }
    }
}
