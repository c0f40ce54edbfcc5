using System.Globalization;

namespace SuperMassive.AppHost.Processes;

/// <summary>Finds out who holds a port, so that "in use" can say by whom.</summary>
internal static class PortOwner
{
    private const string Listening = "0A";

    /// <summary>Who listens on a port, as <c>name (process 123)</c>; null when the system, or this user's rights, do not tell.</summary>
    public static string? Find(int port)
    {
        if (!OperatingSystem.IsLinux()) return null;

        var sockets = Inodes("/proc/net/tcp", port).Concat(Inodes("/proc/net/tcp6", port)).Select(inode => $"socket:[{inode}]").ToHashSet();
        return Directory.EnumerateDirectories("/proc")
            .Select(Path.GetFileName)
            .Where(id => int.TryParse(id, out _))
            .Where(id => HoldsAny(id!, sockets))
            .Select(id => $"{Name(id!)} (process {id})")
            .FirstOrDefault();
    }

    // the fields of /proc/net/tcp: number, local address:port in hex, remote, state, queues, timer, retransmits, uid, timeout, inode
    private static IEnumerable<string> Inodes(string table, int port) =>
        from line in File.Exists(table) ? File.ReadLines(table).Skip(1) : []
        let fields = line.Split(' ', StringSplitOptions.RemoveEmptyEntries)
        where fields.Length > 9 && fields[3] == Listening
        where int.Parse(fields[1].AsSpan(fields[1].LastIndexOf(':') + 1), NumberStyles.HexNumber, CultureInfo.InvariantCulture) == port
        select fields[9];

    private static bool HoldsAny(string processId, HashSet<string> sockets)
    {
        try
        {
            return Directory.EnumerateFileSystemEntries($"/proc/{processId}/fd")
                .Any(descriptor => sockets.Contains(new FileInfo(descriptor).LinkTarget ?? ""));
        }
        catch (Exception failure) when (failure is UnauthorizedAccessException or IOException)
        {
            return false; // another user's process, or one that has just gone
        }
    }

    private static string Name(string processId)
    {
        try
        {
            var command = File.ReadAllText($"/proc/{processId}/cmdline").Split('\0')[0];
            return Path.GetFileName(command) is { Length: > 0 } name ? name : "a system process";
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            return "a process that has just gone";
        }
    }
}
