namespace SuperMassive.Simulator.Storage;

/// <summary>
/// One file in two states: what was written (the page cache, which survives the death of a process) and what is on the
/// platter. Whatever was not synced reaches the platter in any subset of 512-byte sectors.
/// </summary>
public sealed class SimFile
{
    public const int SectorBytes = 512;

    private byte[] _written = [];
    private byte[] _durable = [];
    private int _durableLength;
    private int _dirtyFrom;
    private int _dirtyTo;

    public int Length { get; private set; }

    public ReadOnlySpan<byte> Written => _written.AsSpan(0, Length);

    /// <summary>Bytes that a power cut certainly leaves alone.</summary>
    public int SyncedLength => Math.Min(_dirtyFrom, _durableLength);

    public void Write(long offset, ReadOnlySpan<byte> bytes)
    {
        var from = checked((int)offset);
        if (from > Length)
            throw new InvalidOperationException($"write at {from} leaves a hole in a file of {Length} bytes");
        EnsureLength(ref _written, from + bytes.Length);
        bytes.CopyTo(_written.AsSpan(from));
        MarkDirty(from, from + bytes.Length);
        Length = Math.Max(Length, from + bytes.Length);
    }

    public void Truncate(long length)
    {
        var to = checked((int)length);
        if (to >= Length)
            return;
        _written.AsSpan(to, Length - to).Clear();
        MarkDirty(to, Length);
        Length = to;
    }

    /// <summary>
    /// Writes what is there from <paramref name="offset"/> on over itself: after an fsync that failed, the kernel would write it no more.
    /// </summary>
    public void WriteAgain(long offset)
    {
        if (offset < Length)
            MarkDirty((int)offset, Length);
    }

    /// <summary>What an fsync that starts now promises once it is done.</summary>
    public SyncPoint BeginSync()
    {
        var point = new SyncPoint(_dirtyFrom, _dirtyTo, Length);
        _dirtyFrom = _dirtyTo = Length;
        return point;
    }

    public void CompleteSync(SyncPoint point)
    {
        Persist(point.From, Math.Min(point.To, Length));
        _durableLength = Math.Min(Math.Max(_durableLength, point.Length), Length);
    }

    /// <summary>
    /// What the kernel does when fsync fails: the pages count as clean and may or may not be on the platter; nothing will ever
    /// write them again.
    /// </summary>
    public void FailSync(SyncPoint point, SimRandom random) => PersistSome(point.From, Math.Min(point.To, Length), random);

    /// <summary>Power is lost while the given sync, if any, is under way.</summary>
    public void CutPower(SyncPoint underWay, SimRandom random)
    {
        var from = Math.Min(_dirtyFrom, underWay.To > underWay.From ? underWay.From : _dirtyFrom);
        var low = Math.Min(_durableLength, Length);
        var length = Length >= _durableLength ? random.Between(low, Length) : random.Chance(500) ? Length : _durableLength;
        PersistSome(from, Length, random);
        EnsureLength(ref _durable, length);
        EnsureLength(ref _written, length);
        _durable.AsSpan(0, length).CopyTo(_written);
        _written.AsSpan(length).Clear();
        Length = _durableLength = length;
        _dirtyFrom = _dirtyTo = length;
    }

    /// <summary>Flips one bit on the platter and in the cache, as a page read anew would show it.</summary>
    public void FlipBit(long bit)
    {
        var index = (int)(bit / 8);
        _written[index] ^= (byte)(1 << (int)(bit % 8));
        if (index < _durableLength)
            _durable[index] = _written[index];
    }

    /// <summary>The bytes of a file that is deleted for good: zeros, so that whoever still reads them is found out.</summary>
    public void Erase(long from, long to)
    {
        var (first, end) = ((int)Math.Min(from, Length), (int)Math.Min(to, Length));
        _written.AsSpan(first, end - first).Clear();
        EnsureLength(ref _durable, end);
        _durable.AsSpan(first, end - first).Clear();
    }

    /// <summary>A file whose name a power cut took: what stood in it is gone, and at the end there is nothing.</summary>
    public void Lose(long from, long to)
    {
        Erase(from, to);
        if (to >= Length)
            Length = _durableLength = _dirtyFrom = _dirtyTo = (int)Math.Min(from, Length);
    }

    /// <summary>Begins anew, empty, with nothing before <paramref name="start"/>.</summary>
    public void Reset(long start)
    {
        var from = checked((int)start);
        _written.AsSpan().Clear();
        _durable.AsSpan().Clear();
        EnsureLength(ref _written, from);
        EnsureLength(ref _durable, from);
        Length = _durableLength = _dirtyFrom = _dirtyTo = from;
    }

    private void MarkDirty(int from, int to)
    {
        if (from == to)
            return;
        (_dirtyFrom, _dirtyTo) = _dirtyFrom == _dirtyTo ? (from, to) : (Math.Min(_dirtyFrom, from), Math.Max(_dirtyTo, to));
    }

    private void Persist(int from, int to)
    {
        if (to <= from)
            return;
        EnsureLength(ref _durable, to);
        _written.AsSpan(from, to - from).CopyTo(_durable.AsSpan(from));
    }

    private void PersistSome(int from, int to, SimRandom random)
    {
        EnsureLength(ref _written, to);
        while (from < to)
        {
            var end = Math.Min((from / SectorBytes + 1) * SectorBytes, to);
            if (random.Chance(500))
                Persist(from, end);
            from = end;
        }
    }

    private static void EnsureLength(ref byte[] array, int length)
    {
        if (array.Length < length)
            Array.Resize(ref array, Math.Max(length, Math.Max(4_096, array.Length * 2)));
    }
}

/// <summary>The range of bytes that an fsync covers, and the length of the file when it started.</summary>
public readonly record struct SyncPoint(int From, int To, int Length);
