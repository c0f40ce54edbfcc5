using System.ComponentModel;
using System.Runtime.InteropServices;

namespace SuperMassive.AppHost.Processes;

/// <summary>A signal of POSIX.</summary>
public enum Signal
{
    /// <summary>Drain and exit (SIGTERM).</summary>
    Terminate,

    /// <summary>Freeze (SIGSTOP).</summary>
    Stop,

    /// <summary>Run on (SIGCONT).</summary>
    Continue,
}

/// <summary>Sends signals to processes, which .NET itself can only do for SIGKILL.</summary>
internal static partial class Signals
{
    private const int NoSuchProcess = 3;

    /// <summary>Whether this system has signals.</summary>
    public static bool Supported => !OperatingSystem.IsWindows();

    /// <summary>Sends <paramref name="signal"/> to <paramref name="processId"/>; a process that is gone already is no error.</summary>
    public static void Send(int processId, Signal signal)
    {
        if (!Supported) throw new PlatformNotSupportedException($"{signal}: this system has no signals");
        if (processId <= 0) throw new InvalidOperationException($"{signal}: the process was never started");
        if (Kill(processId, Number(signal)) == 0 || Marshal.GetLastPInvokeError() == NoSuchProcess) return;

        throw new Win32Exception(Marshal.GetLastPInvokeError(), $"{signal} to process {processId}: {Marshal.GetLastPInvokeErrorMessage()}");
    }

    // SIGSTOP and SIGCONT have other numbers on the BSDs than on Linux
    private static int Number(Signal signal) => (signal, OperatingSystem.IsLinux()) switch
    {
        (Signal.Terminate, _) => 15,
        (Signal.Stop, true) => 19,
        (Signal.Stop, false) => 17,
        (Signal.Continue, true) => 18,
        (Signal.Continue, false) => 19,
        _ => throw new ArgumentOutOfRangeException(nameof(signal), signal, "unknown signal"),
    };

    [LibraryImport("libc", EntryPoint = "kill", SetLastError = true)]
    private static partial int Kill(int processId, int signal);
}
