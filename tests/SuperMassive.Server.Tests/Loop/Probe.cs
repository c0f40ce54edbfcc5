namespace SuperMassive.Server.Tests.Loop;

/// <summary>What a test watches: changed under one lock, waited for with a deadline.</summary>
internal sealed class Probe
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly object _gate = new();

    public void Change(Action change)
    {
        lock (_gate)
        {
            change();
            Monitor.PulseAll(_gate);
        }
    }

    public T Read<T>(Func<T> read)
    {
        lock (_gate)
            return read();
    }

    public void Until(Func<bool> condition, string what)
    {
        var due = DateTime.UtcNow + Patience;
        lock (_gate)
        {
            while (!condition())
            {
                var left = due - DateTime.UtcNow;
                if (left <= TimeSpan.Zero)
                    Assert.Fail($"waited in vain until {what}");
                Monitor.Wait(_gate, left);
            }
        }
    }
}
