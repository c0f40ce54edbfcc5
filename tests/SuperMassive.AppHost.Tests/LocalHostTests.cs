using System.Diagnostics;
using System.Net;
using SuperMassive.AppHost.Local;
using SuperMassive.AppHost.Processes;

namespace SuperMassive.AppHost.Tests;

/// <summary>The launcher as a process of its own, with SuperMassive.TestService in place of the services.</summary>
public sealed class LocalHostTests : IDisposable
{
    private readonly CancellationTokenSource _deadline = new(TimeSpan.FromSeconds(60));
    private readonly ProcessLog _log = new();
    private readonly DirectoryInfo _data = Directory.CreateTempSubdirectory("supermassive-");

    public void Dispose()
    {
        _data.Delete(recursive: true);
        _deadline.Dispose();
    }

    [Fact]
    public async Task It_starts_a_topology_says_how_to_use_it_and_stops_it_in_order()
    {
        var port = FreePorts(5);
        using var launcher = Launch(port, "--nodes", "2", "--replicas", "1");
        await _log.WaitForAsync("host", "stop    Ctrl-C", _deadline.Token);

        Assert.StartsWith("SuperMassive's local launcher runs the topology", _log.Lines()[0].Text, StringComparison.Ordinal);
        Assert.Contains(_log.Lines(), line => line.Text.StartsWith("SuperMassive is not ready yet (", StringComparison.Ordinal)
            && line.Text.EndsWith($") at localhost:{port}: 1 cluster, 2 nodes, 2 replicas", StringComparison.Ordinal));
        using var http = new HttpClient();
        for (var offset = 0; offset < 5; offset++)
        {
            var live = await http.GetAsync($"http://localhost:{port + offset}/health/live", _deadline.Token);
            Assert.Equal(HttpStatusCode.OK, live.StatusCode);
        }

        Assert.Equal(0, await launcher.StopAsync(TimeSpan.FromSeconds(30)));
        var drained = _log.Lines().Select(line => line.Text).Where(text => text.EndsWith("| drained", StringComparison.Ordinal))
            .Select(text => text.Split(' ')[0]).ToArray();
        Assert.Equal("cluster", drained[0]);
        Assert.Equal(["node-1", "node-2"], drained[1..3].Order());
        Assert.Equal(["node-1-replica-1", "node-2-replica-1"], drained[3..].Order());
    }

    [Fact]
    public async Task It_says_which_process_died_and_goes_on()
    {
        var port = FreePorts(2);
        using var launcher = Launch(port, "--nodes", "1", "--replicas", "0");
        await _log.WaitForAsync("host", "stop    Ctrl-C", _deadline.Token);

        Process.GetProcessById(ListenerOf(port + 1)).Kill();

        await _log.WaitForAsync("host", "exited unexpectedly with code 137; it is not restarted", _deadline.Token);
        Assert.True(launcher.IsRunning);
        Assert.Equal(0, await launcher.StopAsync(TimeSpan.FromSeconds(30)));
    }

    [Fact]
    public async Task Killed_hard_it_leaves_nothing_behind()
    {
        var port = FreePorts(3);
        using var launcher = Launch(port, "--nodes", "1", "--replicas", "1");
        await _log.WaitForAsync("host", "stop    Ctrl-C", _deadline.Token);
        var children = Enumerable.Range(port, 3).Select(used => Process.GetProcessById(ListenerOf(used))).ToArray();

        await launcher.KillAsync();

        foreach (var child in children)
        {
            await child.WaitForExitAsync(_deadline.Token);
            child.Dispose();
        }
    }

    [Fact]
    public async Task Wrong_arguments_are_named()
    {
        using var launcher = Launch(4000, "--nodes", "none");

        Assert.Equal(2, await launcher.Exited.WaitAsync(_deadline.Token));
        Assert.Contains(_log.Lines(), line => line.Stream == LogStream.Error && line.Text.Contains("--nodes", StringComparison.Ordinal));
    }

    private ServiceProcess Launch(int port, params string[] arguments)
    {
        var launcher = new ServiceProcess(
            new ServiceStart
            {
                Name = "host",
                Executable = TestServiceProgram.Path,
                Arguments = ["host", "--port", $"{port}", "--http-port", "0", "--data", _data.FullName, .. arguments],
                Directory = _data.FullName,
                Environment = DotnetRoot.Environment,
                Port = port,
            },
            _log);
        launcher.Launch();
        return launcher;
    }

    private static int ListenerOf(int port)
    {
        var owner = PortOwner.Find(port) ?? throw new InvalidOperationException($"nobody listens on port {port}");
        return int.Parse(owner[(owner.LastIndexOf(' ') + 1)..^1], null);
    }

    // a topology's ports follow one another
    private static int FreePorts(int count)
    {
        while (true)
        {
            var first = Ports.FindFree();
            if (first + count < 65_536 && Enumerable.Range(first, count).All(port => Ports.IsFree("localhost", port))) return first;
        }
    }
}
