namespace SuperMassive.Server.Loop;

/// <summary>What the loop sleeps on.</summary>
internal abstract class Waiter : IDisposable
{
    /// <summary>Returns when something happened, when woken, or after <paramref name="timeoutMs"/>.</summary>
    public abstract void Wait(int timeoutMs);

    /// <summary>Handles the next of what <see cref="Wait"/> found.</summary>
    /// <returns>False when there is nothing left.</returns>
    public abstract bool DispatchNext();

    /// <summary>Ends the current or the next <see cref="Wait"/>. From any thread.</summary>
    public abstract void Wake();

    public abstract void Dispose();
}
