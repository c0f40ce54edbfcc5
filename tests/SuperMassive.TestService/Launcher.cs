using SuperMassive.AppHost.Processes;

namespace SuperMassive.TestService;

/// <summary>Starts one service and says its process id.</summary>
internal static class Launcher
{
    public static async Task RunAsync(int port)
    {
        var start = new ServiceStart
        {
            Name = "child",
            Executable = Environment.ProcessPath!,
            Arguments = ["serve", $"{port}"],
            Directory = Environment.CurrentDirectory,
            Port = port,
        };
        await using var group = new ProcessGroup([[start]], new ProcessLog());
        await group.StartAllAsync(CancellationToken.None);
        Console.WriteLine($"child {group["child"].ProcessId}");
        await group["child"].Exited;
    }
}
