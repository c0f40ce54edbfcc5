namespace SuperMassive.Server.Configuration;

/// <summary>What a process may use of the machine's memory.</summary>
internal static class MemoryBudget
{
    /// <summary>
    /// What the runtime lets its heap grow to: the physical memory, or three quarters of a control group's limit (the rest
    /// is for everything else in the process; <c>DOTNET_GCHeapHardLimit</c> changes that).
    /// </summary>
    public static long AvailableBytes => GC.GetGCMemoryInfo().TotalAvailableMemoryBytes;

    public static long Bytes(int percent, long availableBytes) => (long)((Int128)availableBytes * percent / 100);
}
