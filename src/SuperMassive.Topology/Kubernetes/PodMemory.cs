namespace SuperMassive.Topology.Kubernetes;

/// <summary>How a process is told what its memory is.</summary>
internal static class PodMemory
{
    /// <summary>
    /// Percent of the container's limit that .NET reports as available, which max-memory-threshold is a percent of. Left alone it is
    /// 75, and a threshold of 75 would fill 56 percent of the container. The data are not on .NET's heap, so nothing else hangs on
    /// it. 99 is the most: the runtime ignores 100. A percentage rather than bytes, so that it follows a limit that somebody patches.
    /// </summary>
    public const int HeapPercent = 99;

    /// <summary>The runtime reads the number as hexadecimal.</summary>
    public const string HeapPercentVariable = "DOTNET_GCHeapHardLimitPercent";
}
