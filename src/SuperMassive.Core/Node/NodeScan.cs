using SuperMassive.Core.Storage;

namespace SuperMassive.Core.Node;

/// <summary>
/// One page of a REGX: the smallest matching keys after a given one. The table is walked a slice per request, so that nobody
/// else waits for more than a slice; the page is bounded in entries and bytes.
/// </summary>
internal sealed class NodeScan
{
    /// <summary>
    /// Entries looked at per request with the simplest pattern: some tens of microseconds, because a cluster in the same process asks
    /// several times before it looks at its clients again. Costly patterns look at fewer.
    /// </summary>
    private const int SliceEntries = 256;
    private const int MinSliceEntries = 8;

    private readonly KeyPattern _pattern;
    private readonly EntryVisitor _visit;
    private ulong _cursor;

    public NodeScan(KeyPattern pattern, ReadOnlySpan<byte> after, int maxEntries, int maxBytes)
    {
        _pattern = pattern;
        Page = new SortedPage(maxEntries, maxBytes);
        Page.Reset(after);
        _visit = Visit;
    }

    public SortedPage Page { get; }

    /// <summary>The pattern took too long on some key: what was found is not the whole answer.</summary>
    public bool IsTooSlow => _pattern.IsTooSlow;

    /// <returns>Whether the page is complete.</returns>
    public bool Step(HashTable table)
    {
        _cursor = table.Scan(_cursor, Math.Clamp(SliceEntries / _pattern.Weight, MinSliceEntries, SliceEntries), _visit);
        if (_cursor != 0)
            return false;
        Page.Complete();
        return true;
    }

    private void Visit(in Entry entry)
    {
        if (Page.Wants(entry.Key) && _pattern.IsMatch(entry.Key))
            Page.Offer(entry);
    }
}
