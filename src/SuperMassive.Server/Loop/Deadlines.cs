namespace SuperMassive.Server.Loop;

/// <summary>Something with at most one deadline at a time. The two properties belong to <see cref="Deadlines"/>.</summary>
internal interface ITimed
{
    /// <summary>Its place among the deadlines plus one; 0: it has none.</summary>
    int DeadlineSlot { get; set; }

    long DeadlineMs { get; set; }

    void OnDeadline();
}

/// <summary>
/// The few that wait for something: connecting, blocked, closing. Looked through once per tick, which is cheaper than keeping
/// them sorted, because nearly all deadlines are called off before they are due.
/// </summary>
internal sealed class Deadlines
{
    private readonly List<ITimed> _items = [];

    public void Set(ITimed item, long dueMs)
    {
        item.DeadlineMs = dueMs;
        if (item.DeadlineSlot != 0)
            return;
        _items.Add(item);
        item.DeadlineSlot = _items.Count;
    }

    public void Clear(ITimed item)
    {
        if (item.DeadlineSlot == 0)
            return;
        var last = _items[^1];
        _items[item.DeadlineSlot - 1] = last;
        last.DeadlineSlot = item.DeadlineSlot;
        _items.RemoveAt(_items.Count - 1);
        item.DeadlineSlot = 0;
    }

    public void Expire(long nowMs)
    {
        // backwards, because a cleared item is replaced by the last one, which was looked at already
        for (var i = _items.Count - 1; i >= 0; i--)
        {
            if (i >= _items.Count || _items[i].DeadlineMs > nowMs)
                continue;
            var item = _items[i];
            Clear(item);
            item.OnDeadline();
        }
    }
}
