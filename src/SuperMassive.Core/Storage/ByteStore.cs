namespace SuperMassive.Core.Storage;

/// <summary>A buffer that things are appended to and released from, in any order; the holes are closed when it is full.</summary>
internal sealed class ByteStore(int keptBytes)
{
    private const int InitialBytes = 1 << 10;

    private byte[] _bytes = [];
    private byte[] _spare = [];
    private int _end;
    private int _relocated;

    /// <summary>Bytes appended and not released.</summary>
    public int LiveBytes { get; private set; }

    public ReadOnlySpan<byte> this[int at, int length] => _bytes.AsSpan(at, length);

    public bool HasRoomFor(int bytes) => _bytes.Length - _end >= bytes;

    /// <returns>Where <paramref name="first"/> begins; <paramref name="second"/> follows it.</returns>
    public int Append(ReadOnlySpan<byte> first, ReadOnlySpan<byte> second)
    {
        var at = _end;
        first.CopyTo(_bytes.AsSpan(at));
        second.CopyTo(_bytes.AsSpan(at + first.Length));
        _end += first.Length + second.Length;
        LiveBytes += first.Length + second.Length;
        return at;
    }

    public void Release(int bytes) => LiveBytes -= bytes;

    /// <summary>
    /// Turns to a buffer where <paramref name="bytes"/> more fit, and as much again as is live. Everything live is to be relocated.
    /// </summary>
    public void BeginCompaction(int bytes)
    {
        _relocated = 0;
        var needed = LiveBytes * 2L + bytes;
        if (_spare.Length >= needed)
            return;
        // as large as the other one too, so that the two soon suffice
        needed = Math.Max(needed, Math.Max(_bytes.Length, InitialBytes));
        _spare = GC.AllocateUninitializedArray<byte>((int)Math.Min(needed, Array.MaxLength));
    }

    /// <returns>Where the bytes stand from <see cref="EndCompaction"/> on.</returns>
    public int Relocate(int at, int length)
    {
        var relocated = _relocated;
        _bytes.AsSpan(at, length).CopyTo(_spare.AsSpan(relocated));
        _relocated += length;
        return relocated;
    }

    public void EndCompaction()
    {
        (_bytes, _spare) = (_spare, _bytes);
        _end = _relocated;
    }

    /// <summary>Forgets everything. Buffers far larger than usual, made for a single huge entry, are let go.</summary>
    public void Clear()
    {
        if (_bytes.Length > keptBytes * 4L)
            _bytes = [];
        if (_spare.Length > keptBytes * 4L)
            _spare = [];
        _end = LiveBytes = 0;
    }
}
