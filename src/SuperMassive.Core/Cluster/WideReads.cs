namespace SuperMassive.Core.Cluster;

/// <summary>
/// The reads under way that ask several processes and put their answers together, in two generations: what must not happen between two
/// answers to one of them waits for those that began before, and not for ever for new ones.
/// </summary>
internal sealed class WideReads
{
    private readonly int[] _counts = new int[2];
    private byte _current;

    /// <summary>Nothing is under way that began before the last <see cref="Turn"/>.</summary>
    public bool OlderAreOver => _counts[1 - _current] == 0;

    public void Began(Operation operation)
    {
        operation.Generation = _current;
        _counts[_current]++;
    }

    public void Ended(Operation operation) => _counts[operation.Generation]--;

    /// <summary>From now on those under way are the older ones. Only once those before them are over.</summary>
    public void Turn() => _current = (byte)(1 - _current);
}
