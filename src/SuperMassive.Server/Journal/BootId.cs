namespace SuperMassive.Server.Journal;

/// <summary>
/// Names the run of the operating system: what was written but not fsynced is still there as long as it stays the same. Zero where
/// the system does not tell, which means that it may have been restarted.
/// </summary>
internal static class BootId
{
    private const string LinuxFile = "/proc/sys/kernel/random/boot_id";

    public static UInt128 Current { get; } = Read();

    private static UInt128 Read()
    {
        try
        {
            return OperatingSystem.IsLinux() && Guid.TryParse(File.ReadAllText(LinuxFile).Trim(), out var id)
                ? new UInt128(BitConverter.ToUInt64(id.ToByteArray()), BitConverter.ToUInt64(id.ToByteArray(), sizeof(ulong)))
                : 0;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return 0; // a sandbox without /proc: as if it had restarted, which is never wrong
        }
    }
}
