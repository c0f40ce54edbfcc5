using System.Diagnostics;
using System.Globalization;
using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Testing;
using Microsoft.Extensions.DependencyInjection;
using SuperMassive.AppHost.Processes;
using SuperMassive.Topology;

namespace SuperMassive.SystemTests.Support;

/// <summary>A topology as the AppHost declares it to Aspire, on free ports.</summary>
public sealed class AspireProcesses : ITopology
{
    private const string Host = "127.0.0.1";

    private readonly IDistributedApplicationTestingBuilder _builder;
    private readonly Dictionary<string, ProjectResource> _services;
    private readonly ProcessLog _log;
    private readonly TimeSpan _limit = TimeSpan.FromSeconds(120); // Aspire starts stage after stage, each by "dotnet run"
    private readonly CancellationTokenSource _closing = new();
    private DistributedApplication? _application;
    private Task _logging = Task.CompletedTask;

    private AspireProcesses(IDistributedApplicationTestingBuilder builder, TopologySettings settings, ProcessLog log)
    {
        (_builder, _log) = (builder, log);
        _services = builder.Resources.OfType<ProjectResource>().ToDictionary(service => service.Name);
        Plan = Topology.Topology.Create(settings, name => $"{Host}:{PortOf(_services[name])}");
        Secrets = TopologySecrets.LoadOrCreate(settings.DataDirectory);
    }

    public Topology.Topology Plan { get; }

    public TopologySecrets Secrets { get; }

    /// <summary>Lets the AppHost declare the topology; nothing is started.</summary>
    /// <param name="settings">Of these the nodes, the replicas and the data folder can be chosen.</param>
    /// <param name="log">Takes what the processes write.</param>
    public static async Task<ITopology> PrepareAsync(TopologySettings settings, ProcessLog log)
    {
        var chosen = new TopologySettings { Nodes = settings.Nodes, Replicas = settings.Replicas, DataDirectory = settings.DataDirectory };
        if (settings != chosen)
            throw new ArgumentException("only nodes, replicas and the data folder can be chosen", nameof(settings));
        var builder = await DistributedApplicationTestingBuilder.CreateAsync<Projects.SuperMassive_AppHost>(
        [
            "--nodes", $"{settings.Nodes}", "--replicas", $"{settings.Replicas}", "--data", settings.DataDirectory, "--host", Host,
        ]);
        return new AspireProcesses(builder, settings with { Host = Host }, log);
    }

    /// <summary>
    /// At first Aspire starts them all, in its order; later one after the other. Returns when all accept connections, at first when all
    /// are healthy.
    /// </summary>
    public async Task StartAsync(params IEnumerable<string> names)
    {
        using var limit = new CancellationTokenSource(_limit);
        if (_application is null)
        {
            await StartFirstAsync([.. names], limit.Token);
            return;
        }
        foreach (var name in names)
        {
            await ExecuteAsync(name, KnownResourceCommands.StartCommand, limit.Token);
            await _application.ResourceNotifications.WaitForResourceAsync(name, KnownResourceStates.Running, limit.Token);
            var endpoint = _application.GetEndpoint(name, "tcp");
            // not until it is healthy: Aspire looks seldom
            await Ports.WaitForAsync(endpoint.Host, endpoint.Port, limit.Token);
        }
    }

    public async Task KillAsync(string name)
    {
        using var limit = new CancellationTokenSource(_limit);
        if (name == Plan.Cluster.Name)
            KillTree(name); // only what others go on without has the command
        else
            await ExecuteAsync(name, "kill", limit.Token);
        await Started.ResourceNotifications.WaitForResourceAsync(name, KnownResourceStates.TerminalStates, limit.Token);
    }

    public async Task StopAsync(string name)
    {
        using var limit = new CancellationTokenSource(_limit);
        await ExecuteAsync(name, KnownResourceCommands.StopCommand, limit.Token);
        await Started.ResourceNotifications.WaitForResourceAsync(name, KnownResourceStates.TerminalStates, limit.Token);
    }

    public IReadOnlyList<string> LogOf(string name) => [.. _log.Lines(name).Select(line => line.Text)];

    public async ValueTask DisposeAsync()
    {
        await _builder.DisposeAsync();
        await _closing.CancelAsync();
        await _logging;
        _closing.Dispose();
    }

    private DistributedApplication Started => _application ?? throw new InvalidOperationException("nothing was started yet");

    private static int PortOf(ProjectResource service) =>
        service.Annotations.OfType<EndpointAnnotation>().Single(endpoint => endpoint.Name == "tcp").Port
        ?? throw new InvalidOperationException($"{service.Name} has no port of its own");

    private async Task StartFirstAsync(string[] names, CancellationToken cancellation)
    {
        foreach (var late in _services.Values.Where(service => !names.Contains(service.Name)))
            StartLater(late);
        _application = await _builder.BuildAsync(cancellation);
        await _application.StartAsync(cancellation);
        _logging = Task.WhenAll(_services.Values.Select(LogAsync));
        foreach (var name in names)
            await _application.ResourceNotifications.WaitForResourceHealthyAsync(name, cancellation);
    }

    /// <summary>Leaves a process to be started by command; nobody waits for it.</summary>
    private void StartLater(ProjectResource late)
    {
        _builder.CreateResourceBuilder(late).WithExplicitStart();
        foreach (var service in _services.Values)
        {
            foreach (var wait in service.Annotations.OfType<WaitAnnotation>().Where(wait => wait.Resource == late).ToArray())
                service.Annotations.Remove(wait);
        }
    }

    private async Task ExecuteAsync(string name, string command, CancellationToken cancellation)
    {
        var result = await Started.ResourceCommands.ExecuteCommandAsync(name, command, cancellation);
        if (!result.Success)
            throw new InvalidOperationException($"{command} of {name}: {result.ErrorMessage ?? "not done in time"}");
    }

    // the process Aspire knows is "dotnet run", whose child is the service
    private void KillTree(string name)
    {
        if (!Started.ResourceNotifications.TryGetCurrentState(name, out var current))
            throw new KeyNotFoundException($"no process '{name}'");
        var processId = current.Snapshot.Properties.Single(property => property.Name == "executable.pid").Value;
        using var process = Process.GetProcessById(Convert.ToInt32(processId, CultureInfo.InvariantCulture));
        process.Kill(entireProcessTree: true);
    }

    private async Task LogAsync(ProjectResource service)
    {
        var logs = Started.Services.GetRequiredService<ResourceLoggerService>();
        try
        {
            await foreach (var lines in logs.WatchAsync(service).WithCancellation(_closing.Token))
            {
                foreach (var line in lines)
                    _log.Write(service.Name, line.Content, line.IsErrorMessage ? LogStream.Error : LogStream.Output);
            }
        }
        catch (OperationCanceledException) when (_closing.IsCancellationRequested)
        {
            // the topology is gone, and nothing more is written
        }
    }
}
