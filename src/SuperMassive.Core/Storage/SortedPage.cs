namespace SuperMassive.Core.Storage;

public sealed class SortedPage
{
    public SortedPage(int maxEntries, int maxBytes) => throw new NotImplementedException();
    public int Count => throw new NotImplementedException();
    public bool MoreFollow => throw new NotImplementedException();
    public Entry this[int index] => throw new NotImplementedException();
    public void Reset(ReadOnlySpan<byte> after) => throw new NotImplementedException();
    public bool Wants(ReadOnlySpan<byte> key) => throw new NotImplementedException();
    public void Offer(in Entry entry) => throw new NotImplementedException();
    public void Complete() => throw new NotImplementedException();
}
