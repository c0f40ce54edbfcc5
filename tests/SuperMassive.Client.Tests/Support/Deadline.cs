namespace SuperMassive.Client.Tests.Support;

/// <summary>Waits for what must happen, and fails instead of hanging.</summary>
internal static class Deadline
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    public static Task Soon(this Task task) => task.WaitAsync(Patience);

    public static Task<T> Soon<T>(this Task<T> task) => task.WaitAsync(Patience);

    public static Task<T> Soon<T>(this ValueTask<T> task) => task.AsTask().WaitAsync(Patience);

    public static Task Soon(this ValueTask task) => task.AsTask().WaitAsync(Patience);
}
