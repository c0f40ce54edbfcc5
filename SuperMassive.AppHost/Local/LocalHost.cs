using SuperMassive.AppHost.Processes;
using SuperMassive.Server.Configuration;
using SuperMassive.Topology;

namespace SuperMassive.AppHost.Local;

/// <summary>Runs a topology without Aspire: starts its processes, shows their logs, stops them on Ctrl-C, restarts nothing.</summary>
public static class LocalHost
{
    private const int Failed = 1;
    private const int WrongArguments = 2;

    /// <summary>Runs until it is asked to stop, or until no process is left.</summary>
    /// <returns>The exit code: 0 when it was asked to stop, 1 when the topology failed, 2 for arguments that make none.</returns>
    public static Task<int> RunAsync(string[] arguments) => RunAsync(arguments, ServiceExecutables.PathOf, Readiness.Limit);

    internal static async Task<int> RunAsync(string[] arguments, Func<ServiceKind, string> executableOf, TimeSpan readyLimit)
    {
        var parsed = AppHostSettings.Read(arguments, AppHostSettings.Default);
        if (parsed.Text is { } help)
        {
            Console.Write(help);
            return 0;
        }

        Console.WriteLine($"SuperMassive's local launcher runs the topology, without Aspire and its dashboard: {BuildFacts.WhyLocal}.");
        foreach (var error in parsed.Errors) Console.Error.WriteLine(error);
        if (parsed.Value is not { } settings) return WrongArguments;

        try
        {
            var secrets = TopologySecrets.LoadOrCreate(settings.DataDirectory, settings);
            return await RunAsync(Topology.Topology.Create(settings), secrets, executableOf, readyLimit);
        }
        catch (Exception failure) when (failure is StartException or ConfigurationException or IOException or UnauthorizedAccessException)
        {
            Console.Error.WriteLine(failure.Message);
            return Failed;
        }
    }

    private static async Task<int> RunAsync(
        Topology.Topology topology, TopologySecrets secrets, Func<ServiceKind, string> executableOf, TimeSpan readyLimit)
    {
        var log = new ProcessLog();
        string[] names = [.. topology.Processes.Select(process => process.Name.ToString())];
        log.Written += new ConsoleLog(Console.Out, names, ConsoleLog.TerminalHasColours).Write;
        using var signals = new StopSignals();
        await using var group = LocalTopology.Prepare(topology, secrets, log, executableOf);
        group.ExitedUnexpectedly += (process, exitCode) =>
            log.Write(process.Start.Name, $"exited unexpectedly with code {exitCode}; it is not restarted", LogStream.Launcher);
        try
        {
            await group.StartAllAsync(signals.Stop);
            var problem = await Readiness.WaitAsync(
                limited => ClusterProbe.ProblemOfAsync(
                    topology.Settings.Host, topology.Cluster.Port, (secrets.Username, secrets.Password), limited),
                readyLimit, signals.Stop);
            Console.WriteLine(StartScreen.For(topology, secrets, problem));
            await Task.WhenAll(group.Processes.Select(process => process.Exited)).WaitAsync(signals.Stop);
            Console.Error.WriteLine("no process is left");
            return Failed;
        }
        catch (OperationCanceledException) when (signals.Stop.IsCancellationRequested)
        {
            return 0;
        }
        finally
        {
            await StopAsync(group, signals);
        }
    }

    private static async Task StopAsync(ProcessGroup group, StopSignals signals)
    {
        using var atOnce = signals.StopAtOnce.Register(() => _ = group.KillAllAsync());
        await group.StopAllAsync();
    }
}
