namespace SuperMassive.Cli.Bench;

/// <summary>
/// What is known of each key's writes. A key is written by one connection only, so its writes (deletions among them) can be counted
/// from 1; anyone may read it, on other threads too. Write 0 is what the key was before this run, which is unknown.
/// </summary>
internal sealed class KeyLedger(int keys)
{
    private readonly int[] _begun = new int[keys];
    private readonly int[] _acknowledged = new int[keys];
    private readonly int[] _deleted = new int[keys];

    /// <summary>The newest write that was sent, or is about to be.</summary>
    public int Begun(int key) => Volatile.Read(ref _begun[key]);

    /// <summary>The newest write that was answered with success.</summary>
    public int Acknowledged(int key) => Volatile.Read(ref _acknowledged[key]);

    /// <summary>The newest write that was a deletion; 0 when none was.</summary>
    public int Deleted(int key) => Volatile.Read(ref _deleted[key]);

    /// <summary>To be called before the write is sent, by the key's owner.</summary>
    public int Begin(int key, bool isDeletion)
    {
        var write = _begun[key] + 1;
        if (isDeletion)
            Volatile.Write(ref _deleted[key], write);
        Volatile.Write(ref _begun[key], write);
        return write;
    }

    public void Acknowledge(int key, int write) => Volatile.Write(ref _acknowledged[key], write);
}
