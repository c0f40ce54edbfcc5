namespace SuperMassive.Cli.Bench;

/// <summary>How often each number was asked to be counted up by 1, and how often that was confirmed; for all threads.</summary>
internal sealed class CounterLedger(int counters)
{
    private readonly int[] _begun = new int[counters];
    private readonly int[] _acknowledged = new int[counters];

    public int Count => counters;

    public int Begun(int counter) => Volatile.Read(ref _begun[counter]);

    public int Acknowledged(int counter) => Volatile.Read(ref _acknowledged[counter]);

    public void Begin(int counter) => Interlocked.Increment(ref _begun[counter]);

    public void Acknowledge(int counter) => Interlocked.Increment(ref _acknowledged[counter]);
}
