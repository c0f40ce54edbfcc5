namespace SuperMassive.Simulator.Networking;

/// <summary>Bytes in order, added at the end and taken from the front; what is in it is always one span.</summary>
public sealed class ByteQueue
{
    private byte[] _array = [];
    private int _start;
    private int _end;

    public int Count => _end - _start;

    public ReadOnlySpan<byte> Bytes => _array.AsSpan(_start, Count);

    public void Append(ReadOnlySpan<byte> bytes)
    {
        if (_array.Length - _end < bytes.Length)
            MakeSpace(bytes.Length);
        bytes.CopyTo(_array.AsSpan(_end));
        _end += bytes.Length;
    }

    public void TakeFront(int count)
    {
        _start += count;
        if (_start == _end)
            _start = _end = 0;
    }

    public void DropBack(int count) => _end -= count;

    private void MakeSpace(int count)
    {
        var used = Count;
        var target = used + count > _array.Length / 2 ? new byte[Math.Max(256, (used + count) * 2)] : _array;
        _array.AsSpan(_start, used).CopyTo(target);
        _array = target;
        _start = 0;
        _end = used;
    }
}
