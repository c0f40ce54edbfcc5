using SuperMassive.AppHost.Local;
using SuperMassive.AppHost.Processes;
using SuperMassive.Server.Configuration;

namespace SuperMassive.SystemTests.Support;

/// <summary>A service program run to its end, as somebody would from a shell.</summary>
internal static class ServiceRun
{
    /// <returns>Its exit code and what it wrote on standard error.</returns>
    public static async Task<(int ExitCode, string Errors)> RunAsync(
        ServiceKind kind, string directory, ProcessLog log, Dictionary<string, string>? environment = null)
    {
        var start = new ServiceStart
        {
            Name = "run",
            Executable = ServiceExecutables.PathOf(kind),
            Arguments = ["--directory", directory],
            Directory = directory,
            Environment = DotnetRoot.Environment.Concat(environment ?? []).ToDictionary(),
            Port = 0,
        };
        using var process = new ServiceProcess(start, log);
        process.Launch();
        var exitCode = await process.Exited.WaitAsync(Wait.Deadline);
        return (exitCode, string.Join('\n', log.Lines("run").Where(line => line.Stream == LogStream.Error).Select(line => line.Text)));
    }
}
