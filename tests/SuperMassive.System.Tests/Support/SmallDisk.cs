using System.Diagnostics;
using Xunit.Sdk;

namespace SuperMassive.SystemTests.Support;

/// <summary>
/// A folder on a tmpfs of a few MiB, part of which is taken by fillers: the disk is full for real, and has room again when one is
/// deleted.
/// </summary>
/// <remarks>
/// As root, or where sudo asks for no password, it is mounted. In a container that may not mount, /dev/shm is itself small enough (64 MiB
/// by default) to be filled up.
/// </remarks>
internal sealed class SmallDisk : IDisposable
{
    private const int FillerBytes = 5 << 20;
    private const int Fillers = 2;
    private const int FreeBytes = 6 << 20;
    private const int DiskBytes = FreeBytes + Fillers * FillerBytes;
    private const long MaxSharedBytes = 512 << 20;
    private const string SharedMemory = "/dev/shm";

    private readonly List<string> _fillers = [];
    private readonly string _directory;
    private readonly string[]? _unmount;
    private readonly string? _shared;

    private SmallDisk(string directory, string[]? unmount, string? shared)
    {
        _directory = directory;
        _unmount = unmount;
        _shared = shared;
        for (var i = 0; i < Fillers; i++)
            Fill($"filler-{i}", FillerBytes);
    }

    /// <summary>How it came about, for people.</summary>
    public string Kind => _unmount is not null ? $"a tmpfs of {DiskBytes >> 20} MiB" : $"a full {SharedMemory}";

    /// <param name="directory">Is created, and is the disk.</param>
    public static SmallDisk Create(string directory)
    {
        foreach (var prefix in new string[][] { [], ["sudo", "-n"] })
        {
            Directory.CreateDirectory(directory);
            if (Succeeds([.. prefix, "mount", "-t", "tmpfs", "-o", $"size={DiskBytes},mode=0777", "tmpfs", directory]))
                return new SmallDisk(directory, [.. prefix, "umount", "--lazy", directory], shared: null);
        }
        var disk = new DriveInfo(SharedMemory);
        if (disk.TotalSize > MaxSharedBytes)
            throw new XunitException($"no small disk: mount is not permitted here, and {SharedMemory} has {disk.TotalSize} bytes");
        Directory.Delete(directory);
        var shared = Directory.CreateDirectory(Path.Combine(SharedMemory, Path.GetRandomFileName())).FullName;
        Directory.CreateSymbolicLink(directory, shared);
        var created = new SmallDisk(directory, unmount: null, shared);
        created.Fill("filler", disk.AvailableFreeSpace - FreeBytes);
        return created;
    }

    /// <summary>Makes room by deleting what somebody else had put there.</summary>
    public void MakeRoom()
    {
        File.Delete(_fillers[0]);
        _fillers.RemoveAt(0);
    }

    public void Dispose()
    {
        if (_unmount is not null && !Succeeds(_unmount))
            throw new XunitException($"{string.Join(' ', _unmount)} failed");
        if (_shared is not null)
            Directory.Delete(_shared, recursive: true);
    }

    private void Fill(string name, long bytes)
    {
        var path = Path.Combine(_directory, name);
        using var file = File.Create(path);
        var zeros = new byte[1 << 20];
        for (var left = bytes; left > 0; left -= zeros.Length)
            file.Write(zeros.AsSpan(0, (int)Math.Min(left, zeros.Length)));
        _fillers.Add(path);
    }

    private static bool Succeeds(string[] command)
    {
        try
        {
            using var process = Process.Start(new ProcessStartInfo(command[0], command[1..])
            {
                RedirectStandardError = true,
                RedirectStandardOutput = true,
            })!;
            process.StandardError.ReadToEnd();
            process.WaitForExit();
            return process.ExitCode == 0;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return false; // there is no such command
        }
    }
}
