using SuperMassive.AppHost.Processes;

namespace SuperMassive.SystemTests.Support;

/// <summary>Attaches what the processes wrote to a test; runners show it for tests that fail.</summary>
internal static class LogOutput
{
    private const int MaxLines = 400;

    public static void Write(ITestOutputHelper output, ProcessLog log, int skip)
    {
        foreach (var line in log.Lines().Skip(skip).TakeLast(MaxLines))
            output.WriteLine($"{line.Process} | {line.Text}");
    }
}
