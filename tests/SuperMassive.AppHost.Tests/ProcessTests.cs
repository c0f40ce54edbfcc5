using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using SuperMassive.AppHost.Local;
using SuperMassive.AppHost.Processes;
using SuperMassive.ServiceDefaults;

namespace SuperMassive.AppHost.Tests;

/// <summary>Real processes: SuperMassive.TestService stands beside this assembly.</summary>
public sealed class ProcessTests : IAsyncLifetime
{
    private const int KilledBySignal9 = 128 + 9;
    private readonly CancellationTokenSource _deadline = new(TimeSpan.FromSeconds(60));
    private readonly ProcessLog _log = new();
    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("supermassive-");
    private ProcessGroup? _group;

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync()
    {
        if (_group is not null) await _group.DisposeAsync();
        _directory.Delete(recursive: true);
        _deadline.Dispose();
    }

    [Fact]
    public async Task A_service_starts_answers_health_checks_and_drains_when_stopped()
    {
        var group = Group([Service("one")]);
        await group.StartAllAsync(_deadline.Token);
        using var http = Http(group["one"]);

        var live = await http.GetAsync(ServiceDefaultsExtensions.LivePath, _deadline.Token);
        var ready = await http.GetAsync(ServiceDefaultsExtensions.ReadyPath, _deadline.Token);
        var metrics = await http.GetStringAsync(ServiceDefaultsExtensions.MetricsPath, _deadline.Token);
        Assert.Equal((HttpStatusCode.OK, HttpStatusCode.ServiceUnavailable), (live.StatusCode, ready.StatusCode));
        Assert.Contains("dotnet_", metrics, StringComparison.Ordinal);

        Assert.Equal(0, await group.StopAsync("one"));
        Assert.Equal(["draining", "drained"], _log.Lines("one").Select(line => line.Text).Where(text => text is "draining" or "drained"));
    }

    [Fact]
    public async Task A_killed_service_starts_again_on_its_port()
    {
        var group = Group([Service("one")]);
        await group.StartAllAsync(_deadline.Token);
        var first = group["one"].ProcessId;

        Assert.Equal(KilledBySignal9, await group.KillAsync("one"));
        Assert.False(group["one"].IsRunning);
        await group.StartAsync("one", _deadline.Token);

        Assert.NotEqual(first, group["one"].ProcessId);
        Assert.Equal(0, await group.StopAsync("one"));
    }

    [Fact]
    public async Task A_frozen_service_answers_only_after_it_was_resumed()
    {
        var group = Group([Service("one")]);
        await group.StartAllAsync(_deadline.Token);
        using var http = Http(group["one"]);

        await group.SuspendAsync("one", _deadline.Token);
        var answer = http.GetAsync(ServiceDefaultsExtensions.LivePath, _deadline.Token);
        Assert.False(answer.IsCompleted);
        group.Resume("one");

        Assert.Equal(HttpStatusCode.OK, (await answer).StatusCode);
    }

    [Fact]
    public async Task A_frozen_service_can_be_stopped()
    {
        var group = Group([Service("one")]);
        await group.StartAllAsync(_deadline.Token);

        await group.SuspendAsync("one", _deadline.Token);
        Assert.Equal(0, await group.StopAsync("one"));
    }

    [Fact]
    public async Task The_last_stage_stops_first()
    {
        var group = Group([Service("replica")], [Service("node")], [Service("cluster")]);
        await group.StartAllAsync(_deadline.Token);
        await group.StopAllAsync();

        Assert.Equal(["cluster", "node", "replica"], _log.Lines().Where(line => line.Text == "drained").Select(line => line.Process));
    }

    [Fact]
    public async Task A_port_in_use_is_named_with_who_needs_it_and_who_has_it()
    {
        using var other = new TcpListener(IPAddress.Loopback, 0);
        other.Start();
        var port = ((IPEndPoint)other.LocalEndpoint).Port;
        var group = Group([Service("one", port)]);

        var failure = await Assert.ThrowsAsync<StartException>(() => group.StartAllAsync(_deadline.Token));

        Assert.StartsWith($"port {port}, which one needs, is in use", failure.Message, StringComparison.Ordinal);
        if (OperatingSystem.IsLinux()) Assert.Contains($"(process {Environment.ProcessId})", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_service_that_exits_at_once_is_named_with_its_exit_code()
    {
        var group = Group([Service("one", command: "fail")]);

        var failure = await Assert.ThrowsAsync<StartException>(() => group.StartAllAsync(_deadline.Token));

        Assert.Contains("exited with code 7", failure.Message, StringComparison.Ordinal);
        Assert.Contains(_log.Lines("one"), line => line is { Text: "cannot start", Stream: LogStream.Error });
    }

    [Fact]
    public async Task An_exit_that_nobody_asked_for_is_reported_once()
    {
        var group = Group([Service("one")]);
        var reported = new TaskCompletionSource<(string, int)>();
        group.ExitedUnexpectedly += (process, exitCode) => reported.SetResult((process.Start.Name, exitCode));
        await group.StartAllAsync(_deadline.Token);

        Process.GetProcessById(group["one"].ProcessId).Kill();

        Assert.Equal(("one", KilledBySignal9), await reported.Task.WaitAsync(_deadline.Token));
    }

    [Fact]
    public async Task A_launcher_killed_hard_leaves_no_service_behind()
    {
        var launcherStart = Service("launcher", command: "launch");
        using var launcher = new ServiceProcess(launcherStart, _log);
        launcher.Launch();
        var line = await _log.WaitForAsync("launcher", "child ", _deadline.Token);
        using var child = Process.GetProcessById(int.Parse(line.Text["child ".Length..], null));

        await launcher.KillAsync();

        await child.WaitForExitAsync(_deadline.Token);
        Assert.True(Ports.IsFree("localhost", launcherStart.Port));
    }

    private ProcessGroup Group(params IEnumerable<ServiceStart>[] stages) => _group = new ProcessGroup(stages, _log);

    private ServiceStart Service(string name, int? port = null, string command = "serve")
    {
        var taken = port ?? Ports.FindFree();
        return new ServiceStart
        {
            Name = name,
            Executable = TestServiceProgram.Path,
            Arguments = [command, $"{taken}"],
            Directory = Path.Combine(_directory.FullName, name),
            Environment = DotnetRoot.Environment,
            Port = taken,
        };
    }

    private static HttpClient Http(ServiceProcess process) => new() { BaseAddress = new Uri($"http://127.0.0.1:{process.Start.Port}") };
}
