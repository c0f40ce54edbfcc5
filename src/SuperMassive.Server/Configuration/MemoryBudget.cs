namespace SuperMassive.Server.Configuration;

/// <summary>What a process may use of the machine's memory.</summary>
internal static class MemoryBudget
{
    /// <summary>The control group's limit where there is one, else the physical memory, as the runtime found it.</summary>
    public static long AvailableBytes => GC.GetGCMemoryInfo().TotalAvailableMemoryBytes;

    public static long Bytes(int percent, long availableBytes) => (long)((Int128)availableBytes * percent / 100);
}
