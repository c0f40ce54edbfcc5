using System.Buffers;

namespace SuperMassive.Client;

/// <summary>Encoded commands on their way out. Memory taken for an exceptional burst is given back.</summary>
internal sealed class SendBuffer : IBufferWriter<byte>
{
    private const int InitialBytes = 16 << 10;
    private const int KeepBytes = 1 << 20;
    private ArrayBufferWriter<byte> _bytes = new(InitialBytes);

    public int Length => _bytes.WrittenCount;

    public ReadOnlyMemory<byte> Written => _bytes.WrittenMemory;

    public void Clear()
    {
        if (_bytes.Capacity > KeepBytes)
            _bytes = new ArrayBufferWriter<byte>(InitialBytes);
        else
            _bytes.ResetWrittenCount();
    }

    public void Advance(int count) => _bytes.Advance(count);

    public Memory<byte> GetMemory(int sizeHint = 0) => _bytes.GetMemory(sizeHint);

    public Span<byte> GetSpan(int sizeHint = 0) => _bytes.GetSpan(sizeHint);
}
