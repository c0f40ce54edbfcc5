using System.Collections.Concurrent;
using System.Diagnostics;
using System.Text.RegularExpressions;
using SuperMassive.Server.Tests.Configuration;

namespace SuperMassive.Server.Tests.Telemetry;

/// <summary>A service executable as a process of its own, on ports that the system chose.</summary>
internal sealed partial class ServiceProcess : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly ConcurrentQueue<string> _lines = new();
    private readonly Process _process;

    private ServiceProcess(string name, string file, string yaml)
    {
        File.WriteAllText(_folder.File(file), yaml);
        _process = new Process
        {
            StartInfo = new ProcessStartInfo(
                Environment.ProcessPath is { } dotnet && Path.GetFileNameWithoutExtension(dotnet) == "dotnet" ? dotnet : "dotnet",
                [Path.Combine(AppContext.BaseDirectory, $"SuperMassive.{name}.dll"), "--directory", _folder.Path])
            {
                RedirectStandardOutput = true,
                RedirectStandardError = true,
                Environment =
                {
                    ["SUPERMASSIVE_SHARED_KEY"] = "0123456789abcdef0123456789abcdef",
                    ["SUPERMASSIVE_USERNAME"] = "user",
                    ["SUPERMASSIVE_PASSWORD"] = "password",
                },
            },
        };
        if (name != "Cluster")
        {
            _process.StartInfo.Environment.Remove("SUPERMASSIVE_USERNAME");
            _process.StartInfo.Environment.Remove("SUPERMASSIVE_PASSWORD");
        }
        _process.OutputDataReceived += (_, line) => _lines.Enqueue(line.Data ?? "");
        _process.ErrorDataReceived += (_, line) => _lines.Enqueue(line.Data ?? "");
        _process.Start();
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
    }

    public string Address { get; private set; } = "";

    public HttpClient Http { get; } = new() { Timeout = TimeSpan.FromSeconds(20) };

    public string Log => string.Join('\n', _lines);

    public static Task<ServiceProcess> StartNodeAsync() => StartAsync("Node", ".node", """
        server-config: { address: "127.0.0.1:0" }
        sync-interval: 10ms
        http-address: 127.0.0.1:0
        """);

    public static Task<ServiceProcess> StartClusterAsync(string node) => StartAsync("Cluster", ".cluster", $$"""
        health-check-interval: 100ms
        server-config: { address: "127.0.0.1:0" }
        node-configs: [{ node: { server-address: "{{node}}", max-retries: 1, retry-wait-time: 50ms } }]
        http-address: 127.0.0.1:0
        """);

    public void Kill()
    {
        _process.Kill();
        _process.WaitForExit();
    }

    public Task<string> MetricsAsync() => Http.GetStringAsync("/metrics");

    public async Task<(int Status, string Body)> HealthAsync(string path)
    {
        using var reply = await Http.GetAsync(path);
        Assert.Equal("application/json", reply.Content.Headers.ContentType?.MediaType);
        return ((int)reply.StatusCode, await reply.Content.ReadAsStringAsync());
    }

    public void Dispose()
    {
        if (!_process.HasExited)
            Kill();
        _process.Dispose();
        Http.Dispose();
        _folder.Dispose();
    }

    private static async Task<ServiceProcess> StartAsync(string name, string file, string yaml)
    {
        var service = new ServiceProcess(name, file, yaml);
        var log = await Eventually.Is(
            () => Task.FromResult(service.Log), log => Http().IsMatch(log) && Listens().IsMatch(log), $"the {name} says where it listens");
        service.Address = Listens().Match(log).Groups[1].Value;
        service.Http.BaseAddress = new Uri(Http().Match(log).Value);
        return service;

        static Regex Http() => HttpAddress();
    }

    [GeneratedRegex(@"http://127\.0\.0\.1:\d+")]
    private static partial Regex HttpAddress();

    [GeneratedRegex(@"listens on (\S+)")]
    private static partial Regex Listens();
}
