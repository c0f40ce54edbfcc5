namespace SuperMassive.Core.Journal;

/// <summary>The fragments of a record that spans pages, put together as they come.</summary>
internal sealed class PartialRecord
{
    private const int InitialBytes = 8 << 10;

    /// <summary>A buffer larger than this is given back after its record.</summary>
    private const int KeptBytes = 1 << 20;

    private byte[] _bytes = [];
    private int _length;

    /// <summary>Whether a record has begun and not ended.</summary>
    public bool IsOpen => _length > 0;

    public ReadOnlySpan<byte> Bytes => _bytes.AsSpan(0, _length);

    /// <returns>False when it grows beyond <see cref="Record.MaxBytes"/>.</returns>
    public bool TryAdd(ReadOnlySpan<byte> data)
    {
        if (_length + data.Length > Record.MaxBytes)
            return false;
        if (_bytes.Length - _length < data.Length)
        {
            var grown = GC.AllocateUninitializedArray<byte>(Math.Max(InitialBytes, _bytes.Length * 2));
            Bytes.CopyTo(grown);
            _bytes = grown;
        }
        data.CopyTo(_bytes.AsSpan(_length));
        _length += data.Length;
        return true;
    }

    public void Clear()
    {
        _length = 0;
        if (_bytes.Length > KeptBytes)
            _bytes = [];
    }
}
