namespace SuperMassive.Core.Cluster;

/// <summary>The primaries that a write was sent to, in order. Nearly always one, for which no list is needed.</summary>
internal struct TriedShards
{
    private Shard? _first;
    private List<Shard>? _others;

    public readonly int Count => _first is null ? 0 : 1 + (_others?.Count ?? 0);

    public readonly Shard? Last => _others is { Count: > 0 } others ? others[^1] : _first;

    public readonly bool Contains(Shard shard) => _first == shard || _others?.Contains(shard) == true;

    public void Add(Shard shard)
    {
        if (_first is null)
            _first = shard;
        else
            (_others ??= []).Add(shard);
    }
}
