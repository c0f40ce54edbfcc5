namespace SuperMassive.Server.Journal;

/// <summary>Tells a full disk or an exhausted quota from other I/O errors, which .NET reports with the same exception.</summary>
internal static class DiskFull
{
    private const int NoSpaceErrno = 28;
    private const int LinuxQuotaErrno = 122;
    private const int MacQuotaErrno = 69;
    private const int WindowsHandleDiskFull = unchecked((int)0x80070027);
    private const int WindowsDiskFull = unchecked((int)0x80070070);

    public static bool IsCauseOf(IOException failure) => OperatingSystem.IsWindows()
        ? failure.HResult is WindowsHandleDiskFull or WindowsDiskFull
        : failure.HResult == NoSpaceErrno || failure.HResult == (OperatingSystem.IsMacOS() ? MacQuotaErrno : LinuxQuotaErrno);
}
