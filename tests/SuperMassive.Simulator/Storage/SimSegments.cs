namespace SuperMassive.Simulator.Storage;

/// <summary>
/// Which segments of a journal its directory names: as the process sees it, and as a power cut may leave it. The bytes of all
/// segments stand in one <see cref="SimFile"/>, each at its LSN.
/// </summary>
public sealed class SimSegments
{
    /// <summary>Names before this one are gone for good.</summary>
    private long _goneLsn;

    /// <summary>Segments that begin before this have names that a power cut leaves alone.</summary>
    private long _namedLsn;

    public SimFile Bytes { get; } = new();

    /// <summary>Bytes of a segment.</summary>
    public long SegmentBytes { get; set; } = long.MaxValue;

    public long FirstLsn { get; private set; }

    /// <returns>How many segments were deleted.</returns>
    public int DropBefore(long lsn)
    {
        var dropped = 0;
        for (var end = EndOf(FirstLsn); end <= lsn; end = EndOf(FirstLsn))
        {
            FirstLsn = end;
            dropped++;
        }
        return dropped;
    }

    public void SyncDirectory()
    {
        Bytes.Erase(_goneLsn, FirstLsn);
        _goneLsn = FirstLsn;
        _namedLsn = Bytes.Length;
    }

    public void Reset(long startLsn)
    {
        Bytes.Reset(startLsn);
        _goneLsn = FirstLsn = _namedLsn = startLsn;
    }

    /// <summary>
    /// Deleted segments may be back, and new ones gone with all that was written to them. Of those that are back only what joins the
    /// rest counts: a start removes the others.
    /// </summary>
    public void CutPower(SimRandom random)
    {
        while (FirstLsn > _goneLsn && random.Chance(500))
            FirstLsn = Math.Max(_goneLsn, (FirstLsn - 1) / SegmentBytes * SegmentBytes);
        if (_namedLsn < Bytes.Length)
        {
            for (var start = EndOf(_namedLsn - 1); start < Bytes.Length; start = EndOf(start))
            {
                if (start > 0 && random.Chance(500))
                    Bytes.Lose(start, EndOf(start));
            }
        }
        SyncDirectory();
    }

    private long EndOf(long lsn) => SegmentBytes == long.MaxValue ? long.MaxValue : (lsn / SegmentBytes + 1) * SegmentBytes;
}
