using System.Buffers;

namespace SuperMassive.Core.Protocol;

/// <summary>
/// What is to be sent on one channel, in order: written by the core, sent by the shell at the end of the batch.
/// A gated buffer is sent only as far as it was released, which is how a reply waits for its record to be durable.
/// </summary>
/// <remarks>
/// Three positions, all counted in bytes since the channel began: sent ≤ released ≤ written. The array is pinned so that a
/// system call can read it without a copy.
/// </remarks>
public sealed class OutputBuffer : IBufferWriter<byte>
{
    /// <summary>An emptied buffer larger than this goes back to its initial size, so that one large reply is not kept for ever.</summary>
    private const int KeptBytes = 1 << 20;

    private readonly int _initialBytes;
    private byte[] _array = [];
    private int _start;
    private int _end;
    private long _sent;
    private long _released;

    public OutputBuffer(int initialBytes) => _initialBytes = Math.Max(initialBytes, 256);

    /// <summary>Whether bytes wait for <see cref="Release"/>; otherwise they may be sent as soon as they are written.</summary>
    public bool IsGated { get; init; }

    /// <summary>Bytes written since the channel began.</summary>
    public long Written => _sent + (_end - _start);

    /// <summary>Bytes written and not yet sent, released or not.</summary>
    public int PendingBytes => _end - _start;

    /// <summary>What may be sent now.</summary>
    public ReadOnlySpan<byte> Sendable => _array.AsSpan(_start, SendableBytes);

    private int SendableBytes => IsGated ? (int)(Math.Max(_released, _sent) - _sent) : _end - _start;

    /// <summary>Allows everything before <paramref name="position"/> (a value of <see cref="Written"/>) to be sent.</summary>
    public void Release(long position) => _released = Math.Max(_released, Math.Min(position, Written));

    /// <summary>Whether what was written at <paramref name="position"/> (as <see cref="Written"/>, not sent yet) is an error.</summary>
    internal bool IsErrorAt(long position) =>
        position < Written && position >= _sent && _array[_start + (int)(position - _sent)] == (byte)'-';

    /// <summary>Takes <paramref name="count"/> sent bytes off the front.</summary>
    public void MarkSent(int count)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(count, SendableBytes);
        _start += count;
        _sent += count;
        if (_start != _end)
            return;
        _start = _end = 0;
        if (_array.Length > KeptBytes)
            _array = [];
    }

    /// <summary>Drops what was written and not yet released: replies that must never be sent.</summary>
    public void DropUnreleased()
    {
        if (IsGated)
            _end = _start + SendableBytes;
    }

    public void Advance(int count) => _end += count;

    public Span<byte> GetSpan(int sizeHint = 0)
    {
        EnsureSpace(Math.Max(sizeHint, 1));
        return _array.AsSpan(_end);
    }

    public Memory<byte> GetMemory(int sizeHint = 0)
    {
        EnsureSpace(Math.Max(sizeHint, 1));
        return _array.AsMemory(_end);
    }

    public void Write(ReadOnlySpan<byte> bytes)
    {
        EnsureSpace(bytes.Length);
        bytes.CopyTo(_array.AsSpan(_end));
        _end += bytes.Length;
    }

    private void EnsureSpace(int count)
    {
        if (_array.Length - _end < count)
            MakeSpace(count);
    }

    private void MakeSpace(int count)
    {
        var used = _end - _start;
        var needed = (long)used + count;
        if (needed <= _array.Length / 2)
        {
            // at least half is free: moving what is left costs less than it frees
            _array.AsSpan(_start, used).CopyTo(_array);
        }
        else
        {
            var grown = GC.AllocateUninitializedArray<byte>(
                (int)Math.Min(Math.Max(needed, Math.Max(_initialBytes, _array.Length * 2L)), Array.MaxLength), pinned: true);
            _array.AsSpan(_start, used).CopyTo(grown);
            _array = grown;
        }
        _start = 0;
        _end = used;
    }
}
