using System.ComponentModel;

namespace SuperMassive.AppHost.Processes;

/// <summary>
/// The processes of one topology, in stages: started one stage after the other, stopped in the opposite order, and each on its own by name.
/// It restarts nothing by itself.
/// </summary>
/// <param name="stages">What is started together, in the order of starting.</param>
/// <param name="log">Where their output goes.</param>
public sealed class ProcessGroup(IEnumerable<IEnumerable<ServiceStart>> stages, ProcessLog log) : IAsyncDisposable
{
    private readonly ServiceProcess[][] _stages =
        [.. stages.Select(stage => stage.Select(start => new ServiceProcess(start, log)).ToArray())];

    /// <summary>How long a process may take to accept connections after it was started.</summary>
    public TimeSpan StartLimit { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>How long a process may take to drain and exit before it is killed.</summary>
    public TimeSpan StopLimit { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>What the processes wrote.</summary>
    public ProcessLog Log => log;

    /// <summary>All processes, in the order of starting.</summary>
    public IEnumerable<ServiceProcess> Processes => _stages.SelectMany(stage => stage);

    /// <summary>The process of that name.</summary>
    public ServiceProcess this[string name] =>
        Processes.FirstOrDefault(process => process.Start.Name == name)
        ?? throw new KeyNotFoundException($"no process '{name}' in [{string.Join(", ", Processes.Select(process => process.Start.Name))}]");

    /// <summary>Raised when a process exits that nobody asked to.</summary>
    public event Action<ServiceProcess, int>? ExitedUnexpectedly;

    /// <summary>Starts every process, stage by stage, and returns when all accept connections.</summary>
    /// <exception cref="StartException">One did not; those already started run on until the group is stopped.</exception>
    public async Task StartAllAsync(CancellationToken cancellation)
    {
        foreach (var process in Processes) RequireFreePorts(process.Start);
        foreach (var stage in _stages)
        {
            await Task.WhenAll(stage.Select(process => StartAsync(process, cancellation)));
        }
    }

    /// <summary>Starts one process and returns when it accepts connections.</summary>
    /// <exception cref="StartException">Its port is taken, it exited, or it did not accept in time.</exception>
    public Task StartAsync(string name, CancellationToken cancellation)
    {
        RequireFreePorts(this[name].Start);
        return StartAsync(this[name], cancellation);
    }

    /// <summary>Stops one process: SIGTERM, and SIGKILL after <see cref="StopLimit"/>.</summary>
    public Task<int> StopAsync(string name) => this[name].StopAsync(StopLimit);

    /// <summary>Kills one process with SIGKILL.</summary>
    public Task<int> KillAsync(string name) => this[name].KillAsync();

    /// <summary>Freezes one process with SIGSTOP.</summary>
    public Task SuspendAsync(string name, CancellationToken cancellation) => this[name].SuspendAsync(cancellation);

    /// <summary>Lets a frozen process run on with SIGCONT.</summary>
    public void Resume(string name) => this[name].Resume();

    /// <summary>Waits until the process's port accepts a connection.</summary>
    public Task WaitForPortAsync(string name, CancellationToken cancellation) =>
        Ports.WaitForAsync(this[name].Start.Host, this[name].Start.Port, cancellation);

    /// <summary>Stops every process, the last stage first: whoever asks stops before whoever answers.</summary>
    public async Task StopAllAsync()
    {
        foreach (var stage in _stages.Reverse())
        {
            await Task.WhenAll(stage.Select(process => process.StopAsync(StopLimit)));
        }
    }

    /// <summary>Kills every process.</summary>
    public Task KillAllAsync() => Task.WhenAll(Processes.Select(process => process.KillAsync()));

    /// <summary>Kills what still runs.</summary>
    public async ValueTask DisposeAsync()
    {
        await KillAllAsync();
        foreach (var process in Processes) process.Dispose();
    }

    private static void RequireFreePorts(ServiceStart start)
    {
        foreach (var port in start.HttpPort is { } httpPort ? [start.Port, httpPort] : new[] { start.Port })
        {
            if (Ports.IsFree(start.Host, port)) continue;

            var owner = PortOwner.Find(port) is { } found ? $" by {found}" : "";
            throw new StartException($"port {port}, which {start.Name} needs, is in use{owner}");
        }
    }

    private async Task StartAsync(ServiceProcess process, CancellationToken cancellation)
    {
        Launch(process);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        limit.CancelAfter(StartLimit);
        var accepts = Ports.WaitForAsync(process.Start.Host, process.Start.Port, limit.Token);
        var first = await Task.WhenAny(accepts, process.Exited);
        if (first == process.Exited)
        {
            await limit.CancelAsync();
            var exitCode = await process.Exited;
            throw new StartException($"{process.Start} exited with code {exitCode} before it accepted a connection");
        }

        try
        {
            await accepts;
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            throw new StartException($"{process.Start} accepted no connection within {StartLimit.TotalSeconds:0.#} s");
        }

        _ = ReportExitAsync(process);
    }

    private static void Launch(ServiceProcess process)
    {
        try
        {
            process.Launch();
        }
        catch (Exception failure) when (failure is Win32Exception or IOException or UnauthorizedAccessException)
        {
            throw new StartException($"{process.Start.Name} cannot be started: {failure.Message}");
        }
    }

    private async Task ReportExitAsync(ServiceProcess process)
    {
        var exitCode = await process.Exited;
        if (!process.ExitWasAsked) ExitedUnexpectedly?.Invoke(process, exitCode);
    }
}
