using SuperMassive.Core.Storage;

namespace SuperMassive.Core.Cluster;

/// <summary>The writes without an answer yet, oldest version first: tombstones must outlive them.</summary>
internal sealed class WritesUnderWay
{
    private Operation? _oldest;
    private Operation? _newest;

    public Version? Oldest => _oldest?.Version;

    /// <summary>Versions only rise, so a new write is always the newest.</summary>
    public void Add(Operation operation)
    {
        operation.OlderWrite = _newest;
        if (_newest is null)
            _oldest = operation;
        else
            _newest.NewerWrite = operation;
        _newest = operation;
    }

    public void Remove(Operation operation)
    {
        if (operation != _oldest && operation.OlderWrite is null)
            return;
        if (operation.OlderWrite is { } older)
            older.NewerWrite = operation.NewerWrite;
        else
            _oldest = operation.NewerWrite;
        if (operation.NewerWrite is { } newer)
            newer.OlderWrite = operation.OlderWrite;
        else
            _newest = operation.OlderWrite;
        operation.OlderWrite = operation.NewerWrite = null;
    }
}
