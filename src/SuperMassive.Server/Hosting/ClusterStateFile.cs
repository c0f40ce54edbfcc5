using System.Globalization;
using SuperMassive.Core.Cluster;
using SuperMassive.Server.Configuration;
using SuperMassive.Server.Journal;

namespace SuperMassive.Server.Hosting;

/// <summary>
/// <c>.cluster-state</c>: what a cluster process must not forget, one <c>name value</c> a line. Replaced as a whole and flushed, the
/// directory too, before anybody relies on it.
/// </summary>
public sealed class ClusterStateFile(string directory)
{
    public const string FileName = ".cluster-state";

    private readonly string _path = Path.Combine(directory, FileName);

    /// <exception cref="InvalidDataException">The file is not what this program writes: it names the line.</exception>
    public ClusterState Read(Func<ulong> newClusterId)
    {
        if (!File.Exists(_path))
            return new ClusterState(newClusterId(), 0, Version.None, Version.None);
        // a process that was killed while it saved the state could not remove what it had begun
        foreach (var unfinished in Directory.EnumerateFiles(directory, $"{FileName}.*.tmp"))
            File.Delete(unfinished);
        var lines = File.ReadAllLines(_path);
        return new ClusterState(
            ValueOf(lines, 0, "cluster-id"),
            (long)ValueOf(lines, 1, "epoch"),
            new Version(ValueOf(lines, 2, "version-ceiling")),
            new Version(ValueOf(lines, 3, "purged-through")));
    }

    public void Write(ClusterState state)
    {
        var text = string.Create(CultureInfo.InvariantCulture,
            $"cluster-id {state.ClusterId}\nepoch {state.Epoch}\n"
                + $"version-ceiling {state.Ceiling.Value}\npurged-through {state.PurgedThrough.Value}\n");
        AtomicFile.Replace(_path, text, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        Durability.SyncDirectory(directory);
    }

    private ulong ValueOf(string[] lines, int index, string name)
    {
        if (index < lines.Length && lines[index].StartsWith(name + " ", StringComparison.Ordinal)
            && ulong.TryParse(lines[index].AsSpan(name.Length + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var value))
            return value;
        throw new InvalidDataException(
            $"{_path}:{index + 1}: expected \"{name} NUMBER\"; restore the file, "
                + "or remove it to start as a new cluster process over the same nodes");
    }
}
