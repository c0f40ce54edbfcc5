using System.Buffers;

namespace SuperMassive.Server.Loop;

/// <summary>What arrived and was not consumed yet. Holds no memory while it is empty.</summary>
internal struct InputBuffer
{
    /// <summary>Larger arrays are left to the collector: pooled, one large value per connection would be kept for ever.</summary>
    private const int PooledBytes = 1 << 20;

    private byte[]? _array;
    private int _start;
    private int _count;

    public readonly int Count => _count;

    public readonly ReadOnlySpan<byte> Unread => _array.AsSpan(_start, _count);

    /// <summary>Room for at least one byte behind what is unread; doubles when there is none.</summary>
    public Span<byte> FreeSpace()
    {
        EnsureSpace(1, 0);
        return _array.AsSpan(_start + _count);
    }

    /// <summary>Takes in what was written to <see cref="FreeSpace"/>.</summary>
    public void Advance(int count) => _count += count;

    public void Append(ReadOnlySpan<byte> bytes, int initialBytes)
    {
        if (bytes.IsEmpty)
            return;
        EnsureSpace(bytes.Length, initialBytes);
        bytes.CopyTo(_array.AsSpan(_start + _count));
        _count += bytes.Length;
    }

    public void Consume(int count)
    {
        _start += count;
        _count -= count;
        if (_count == 0)
            Free();
    }

    /// <summary>Holds <paramref name="rest"/> instead of what it held; they must not overlap.</summary>
    public void Replace(ReadOnlySpan<byte> rest, int initialBytes)
    {
        if (rest.IsEmpty)
        {
            Free();
            return;
        }
        _start = _count = 0;
        Append(rest, initialBytes);
    }

    public void Free()
    {
        Return(_array);
        _array = null;
        _start = _count = 0;
    }

    private void EnsureSpace(int count, int initialBytes)
    {
        var capacity = _array?.Length ?? 0;
        if (capacity - _start - _count >= count)
            return;
        if (_start > 0 && capacity - _count >= Math.Max(count, capacity / 2))
        {
            // at least half is free: moving what is left costs less than it frees
            _array.AsSpan(_start, _count).CopyTo(_array);
            _start = 0;
            return;
        }
        var needed = Math.Max(Math.Max((long)_count + count, initialBytes), capacity * 2L);
        var lengthBytes = (int)Math.Min(needed, Array.MaxLength);
        var grown = lengthBytes <= PooledBytes
            ? ArrayPool<byte>.Shared.Rent(lengthBytes)
            : GC.AllocateUninitializedArray<byte>(lengthBytes);
        Unread.CopyTo(grown);
        Return(_array);
        _array = grown;
        _start = 0;
    }

    private static void Return(byte[]? array)
    {
        if (array is { Length: <= PooledBytes })
            ArrayPool<byte>.Shared.Return(array);
    }
}
