using SuperMassive.Server.Configuration;

namespace SuperMassive.Topology;

/// <summary>Puts a topology on disk: each process's folder with its configuration file.</summary>
public static class TopologyWriter
{
    private const string Header = "# Written from the topology's settings at every start; change those instead.\n";

    /// <returns>The processes whose files changed.</returns>
    public static IReadOnlyList<ProcessName> Write(Topology topology) =>
        [.. topology.Processes.Where(process => Write(process)).Select(process => process.Name)];

    /// <param name="addressOf">As for <see cref="TopologyProcess.Yaml"/>.</param>
    /// <param name="httpAddressOf">As for <see cref="TopologyProcess.Yaml"/>.</param>
    /// <returns>Whether the file changed; one that already says the same is left alone.</returns>
    public static bool Write(
        TopologyProcess process, Func<ProcessName, string>? addressOf = null, Func<ProcessName, string>? httpAddressOf = null)
    {
        var path = Path.Combine(process.Directory, process.ConfigurationFileName);
        var text = Header + process.Yaml(addressOf, httpAddressOf);
        if (File.Exists(path) && File.ReadAllText(path) == text)
            return false;
        Directory.CreateDirectory(process.Directory);
        AtomicFile.Replace(path, text);
        return true;
    }
}
