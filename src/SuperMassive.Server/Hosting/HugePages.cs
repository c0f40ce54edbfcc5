using System.Runtime.InteropServices;

namespace SuperMassive.Server.Hosting;

/// <summary>
/// Asks Linux for pages of 2 MiB in place of 4 KiB: random look-ups in a large table otherwise wait for the translation of addresses as
/// long as for the memory itself.
/// </summary>
internal static unsafe partial class HugePages
{
    private const int MADV_HUGEPAGE = 14;

    /// <summary>Only an advice: where it cannot be followed, nothing changes.</summary>
    /// <param name="memory">Pinned, and not used yet: pages that exist already are only replaced over time.</param>
    public static void Ask(ReadOnlySpan<byte> memory)
    {
        if (!OperatingSystem.IsLinux())
            return;
        fixed (byte* start = memory)
        {
            // whole pages only
            var first = (nint)start + Environment.SystemPageSize - 1 & -Environment.SystemPageSize;
            var end = (nint)start + memory.Length & -Environment.SystemPageSize;
            if (end > first)
                _ = madvise(first, end - first, MADV_HUGEPAGE);
        }
    }

    [LibraryImport("libc")]
    private static partial int madvise(nint address, nint length, int advice);
}
