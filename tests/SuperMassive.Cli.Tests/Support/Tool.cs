using System.Diagnostics;

namespace SuperMassive.Cli.Tests.Support;

/// <summary>How the tool ended, and what it said.</summary>
internal sealed record ToolResult(int ExitCode, string Output, string Errors)
{
    public string All => Output + Errors;

    public void Succeeded() => Assert.True(ExitCode == 0, $"exit code {ExitCode}\n{All}");

    /// <summary>It must end with 1 and say each of these.</summary>
    public void Failed(params string[] words)
    {
        Assert.True(ExitCode == 1, $"exit code {ExitCode}\n{All}");
        foreach (var word in words)
            Assert.Contains(word, All, StringComparison.Ordinal);
    }
}

/// <summary>The <c>supermassive</c> program that was built with these tests, as a process.</summary>
internal static class Tool
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(120);

    public static Process Start(params IEnumerable<string> arguments) => Start(Dotnet, [Assembly, .. arguments]);

    public static Process Start(string program, IEnumerable<string> arguments)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            RedirectStandardInput = true,
            UseShellExecute = false,
        };
        return Process.Start(start) ?? throw new InvalidOperationException($"{program} was not started");
    }

    public static async Task<ToolResult> RunAsync(params IEnumerable<string> arguments)
    {
        using var process = Start(arguments);
        using var limit = new CancellationTokenSource(Patience);
        var output = process.StandardOutput.ReadToEndAsync(limit.Token);
        var errors = process.StandardError.ReadToEndAsync(limit.Token);
        try
        {
            await process.WaitForExitAsync(limit.Token);
        }
        catch (OperationCanceledException)
        {
            process.Kill();
            throw;
        }
        return new ToolResult(process.ExitCode, await output, await errors);
    }

    /// <summary>A short run of <c>bench</c> over few keys, so that they are read often; what is given more wins.</summary>
    public static Task<ToolResult> BenchAsync(string address, params IReadOnlyList<string> more)
    {
        Dictionary<string, string> usual = new()
        {
            ["--workers"] = "2",
            ["--connections"] = "4",
            ["--pipeline"] = "4",
            ["--keys"] = "50",
            ["--warmup"] = "0",
        };
        if (!more.Contains("--duration"))
            usual["--operations"] = "2000";
        var kept = usual.Where(option => !more.Contains(option.Key)).SelectMany(option => new[] { option.Key, option.Value });
        return RunAsync(["bench", "--cluster", address, .. kept, .. more]);
    }

    private static string Dotnet => Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet";

    private static string Assembly => Path.Combine(AppContext.BaseDirectory, "supermassive.dll");
}
