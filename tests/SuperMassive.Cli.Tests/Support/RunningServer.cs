using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace SuperMassive.Cli.Tests.Support;

/// <summary>A real server in a process of its own, on a free port and with a folder of its own.</summary>
internal sealed class RunningServer : IAsyncDisposable
{
    private static readonly TimeSpan StartLimit = TimeSpan.FromSeconds(60);

    private readonly DirectoryInfo _folder;
    private readonly Process _process;
    private readonly StringBuilder _log = new();
    private readonly TaskCompletionSource _isUp = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private RunningServer(int port, DirectoryInfo folder, Process process, string upWords)
    {
        (Address, _folder, _process) = ($"127.0.0.1:{port}", folder, process);
        process.OutputDataReceived += (_, line) => Read(line.Data, upWords);
        process.ErrorDataReceived += (_, line) => Read(line.Data, upWords);
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
    }

    public string Address { get; }

    /// <summary><c>supermassive up</c> with two nodes; its user is u and its password p.</summary>
    public static Task<RunningServer> UpAsync()
    {
        var folder = Directory.CreateTempSubdirectory("supermassive-bench-");
        var port = FreePort();
        var process = Tool.Start(
            "up", "--nodes", "2", "--replicas", "0", "--host", "127.0.0.1", "--port", $"{port}", "--http-port", "0",
            "--data", folder.FullName, "--username", "u", "--password", "p");
        return WaitAsync(new RunningServer(port, folder, process, "SuperMassive is up"));
    }

    /// <returns>Null when Redis is not installed.</returns>
    public static async Task<RunningServer?> RedisAsync()
    {
        var program = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator)
            .Select(folder => Path.Combine(folder, "redis-server")).FirstOrDefault(File.Exists);
        if (program is null)
            return null;
        var folder = Directory.CreateTempSubdirectory("supermassive-bench-");
        var port = FreePort();
        var process = Tool.Start(program, ["--port", $"{port}", "--bind", "127.0.0.1", "--save", "", "--dir", folder.FullName]);
        return await WaitAsync(new RunningServer(port, folder, process, "Ready to accept connections"));
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
            _process.Kill(entireProcessTree: true);
        await _process.WaitForExitAsync();
        _process.Dispose();
        _folder.Delete(recursive: true);
    }

    private static async Task<RunningServer> WaitAsync(RunningServer server)
    {
        try
        {
            await server._isUp.Task.WaitAsync(StartLimit);
            return server;
        }
        catch (TimeoutException)
        {
            await server.DisposeAsync();
            throw new TimeoutException($"not up within {StartLimit.TotalSeconds} s:\n{server._log}");
        }
    }

    private void Read(string? line, string upWords)
    {
        lock (_log)
            _log.AppendLine(line);
        if (line?.Contains(upWords, StringComparison.Ordinal) == true)
            _isUp.TrySetResult();
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
