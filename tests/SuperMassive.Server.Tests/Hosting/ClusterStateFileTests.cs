using SuperMassive.Core.Cluster;
using SuperMassive.Server.Hosting;

namespace SuperMassive.Server.Tests.Hosting;

public sealed class ClusterStateFileTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("supermassive-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public void What_a_killed_process_left_unfinished_is_removed_at_the_next_start()
    {
        var state = new ClusterState(7, 3, new Version(5), new Version(4));
        var file = new ClusterStateFile(_folder.FullName);
        file.Write(state);
        File.WriteAllText(Path.Combine(_folder.FullName, ".cluster-state.0123456789abcdef.tmp"), "cluster-id 7\nepo");
        Assert.Equal(state, file.Read(() => 8));
        Assert.Equal([".cluster-state"], _folder.GetFiles().Select(found => found.Name));
    }
}
