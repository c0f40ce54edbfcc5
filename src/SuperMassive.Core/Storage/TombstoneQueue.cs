namespace SuperMassive.Core.Storage;

public sealed class TombstoneQueue
{
    public int Count => throw new NotImplementedException();
    public void Enqueue(Version version, ReadOnlySpan<byte> key) => throw new NotImplementedException();
    public bool TryPeek(out Version version, out ReadOnlySpan<byte> key) => throw new NotImplementedException();
    public void Dequeue() => throw new NotImplementedException();
    public void Clear() => throw new NotImplementedException();
}
