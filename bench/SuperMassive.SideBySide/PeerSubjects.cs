using System.Diagnostics;

namespace SuperMassive.SideBySide;

/// <summary>Other systems, as far as they are installed.</summary>
internal static class PeerSubjects
{
    /// <summary>Where packages and <c>dotnet tool install</c> put programs that a user's PATH may lack.</summary>
    private static readonly string[] MoreFolders =
    [
        "/usr/sbin", "/usr/local/sbin",
        Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".dotnet", "tools"),
    ];

    /// <returns>The full path of a program; null when it is not installed.</returns>
    public static string? Find(string program) => (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator)
        .Concat(MoreFolders).Select(folder => Path.Combine(folder, program)).FirstOrDefault(File.Exists);

    public static async Task<Subject> RedisAsync(string program, string folder, Ports ports, CancellationToken cancel)
    {
        var port = ports.Next();
        return new Subject("redis", "Redis", port, isOurs: false,
            [await StartRedisAsync(program, folder, port, cancel).ConfigureAwait(false)]);
    }

    public static async Task<Subject> TwemproxyAsync(string nutcracker, string redis, string folder, Ports ports, CancellationToken cancel)
    {
        var (port, first, second) = (ports.Next(), ports.Next(), ports.Next());
        List<RunningProcess> processes = [];
        try
        {
            processes.Add(await StartRedisAsync(redis, Path.Combine(folder, "1"), first, cancel).ConfigureAwait(false));
            processes.Add(await StartRedisAsync(redis, Path.Combine(folder, "2"), second, cancel).ConfigureAwait(false));
            var configuration = Path.Combine(folder, "nutcracker.yml");
            await File.WriteAllTextAsync(configuration,
                $"""
                bench:
                  listen: 127.0.0.1:{port}
                  hash: fnv1a_64
                  distribution: ketama
                  redis: true
                  servers:
                   - 127.0.0.1:{first}:1
                   - 127.0.0.1:{second}:1

                """, cancel).ConfigureAwait(false);
            // it serves statistics too, and would not start beside another one on its usual port
            var start = new ProcessStartInfo(nutcracker, ["-c", configuration, "-m", "16384", "-s", $"{ports.Next()}", "-a", "127.0.0.1"]);
            processes.Add(await RunningProcess.StartAsync("nutcracker", start, port, null, cancel).ConfigureAwait(false));
            return new Subject("twemproxy", "twemproxy + 2 Redis", port, isOurs: false, processes);
        }
        catch
        {
            processes.ForEach(process => process.Dispose());
            throw;
        }
    }

    /// <summary>With its defaults, which keep nothing on disk.</summary>
    public static async Task<Subject> GarnetAsync(string program, string folder, Ports ports, CancellationToken cancel)
    {
        var port = ports.Next();
        Directory.CreateDirectory(folder);
        var start = new ProcessStartInfo(program, ["--port", $"{port}", "--bind", "127.0.0.1"]) { WorkingDirectory = folder };
        return new Subject("garnet", "Garnet", port, isOurs: false,
            [await RunningProcess.StartAsync("garnet-server", start, port, null, cancel).ConfigureAwait(false)]);
    }

    private static Task<RunningProcess> StartRedisAsync(string program, string folder, int port, CancellationToken cancel)
    {
        Directory.CreateDirectory(folder);
        var start = new ProcessStartInfo(program,
        [
            "--port", $"{port}", "--bind", "127.0.0.1", "--dir", folder, "--save", "", "--appendonly", "yes", "--appendfsync", "everysec",
        ]);
        return RunningProcess.StartAsync($"redis-server on {port}", start, port, "Ready to accept connections", cancel);
    }
}
