using System.Diagnostics;

namespace SuperMassive.AppHost.Processes;

/// <summary>
/// One process of a topology, which can be started, stopped, killed, frozen and started again.
/// <para>
/// Its standard input is a pipe whose other end only this launcher holds, announced by <c>SUPERMASSIVE_PARENT_PIPE=stdin</c>: the process
/// drains and exits when that pipe ends, so it never outlives a launcher that was killed. It is not safe for concurrent calls.
/// </para>
/// </summary>
public sealed class ServiceProcess(ServiceStart start, ProcessLog log) : IDisposable
{
    /// <summary>The environment variable that tells a service to follow its standard input.</summary>
    public const string ParentPipeKey = "SUPERMASSIVE_PARENT_PIPE";

    private Process? _process;
    private Task<int> _exited = Task.FromResult(0);

    /// <summary>How this process is started.</summary>
    public ServiceStart Start { get; } = start;

    /// <summary>Its process id, or 0 when it was never started.</summary>
    public int ProcessId { get; private set; }

    /// <summary>Whether it runs, frozen or not.</summary>
    public bool IsRunning => _process is not null && !_exited.IsCompleted;

    /// <summary>Whether its last exit was asked for by <see cref="StopAsync"/> or <see cref="KillAsync"/>.</summary>
    public bool ExitWasAsked { get; private set; }

    /// <summary>Completes with the exit code of the current run (128 + signal when a signal ended it), after its last log line.</summary>
    public Task<int> Exited => _exited;

    /// <summary>Starts it and returns as soon as it has a process id.</summary>
    public void Launch()
    {
        if (IsRunning) throw new InvalidOperationException($"{Start.Name} runs already (process {ProcessId})");

        Directory.CreateDirectory(Start.Directory);
        _process?.Dispose();
        _process = Process.Start(StartInfo()) ?? throw new InvalidOperationException($"{Start.Executable} did not start");
        ProcessId = _process.Id;
        ExitWasAsked = false;
        _exited = FollowAsync(_process);
    }

    /// <summary>
    /// Asks it to drain and exit (SIGTERM; where there are no signals, its input ends), and kills it after <paramref name="limit"/>.
    /// </summary>
    /// <returns>The exit code.</returns>
    public async Task<int> StopAsync(TimeSpan limit)
    {
        if (!IsRunning) return await _exited;

        ExitWasAsked = true;
        if (!Signals.Supported) _process!.StandardInput.Close();
        else
        {
            Signals.Send(ProcessId, Signal.Terminate);
            Signals.Send(ProcessId, Signal.Continue); // a frozen process would never see the first
        }

        try
        {
            return await _exited.WaitAsync(limit);
        }
        catch (TimeoutException)
        {
            log.Write(Start.Name, $"did not stop within {limit.TotalSeconds:0.#} s: killed", LogStream.Launcher);
            return await KillAsync();
        }
    }

    /// <summary>Ends it at once (SIGKILL), as a crash would.</summary>
    /// <returns>The exit code.</returns>
    public async Task<int> KillAsync()
    {
        if (!IsRunning) return await _exited;

        ExitWasAsked = true;
        _process!.Kill();
        return await _exited;
    }

    /// <summary>Freezes it (SIGSTOP): connections stay open, nothing answers. On Linux it stands still when this completes.</summary>
    public async Task SuspendAsync(CancellationToken cancellation)
    {
        Signals.Send(ProcessId, Signal.Stop);
        while (IsRunning && !ThreadStates.AreAllStopped(ProcessId)) await Task.Delay(1, cancellation);
    }

    /// <summary>Lets a frozen process run on (SIGCONT).</summary>
    public void Resume() => Signals.Send(ProcessId, Signal.Continue);

    /// <inheritdoc/>
    public void Dispose()
    {
        if (IsRunning) _process!.Kill();
        _process?.Dispose();
    }

    private ProcessStartInfo StartInfo()
    {
        var info = new ProcessStartInfo(Start.Executable, Start.Arguments)
        {
            WorkingDirectory = Start.Directory,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
        };
        foreach (var (key, value) in Start.Environment) info.Environment[key] = value;
        info.Environment[ParentPipeKey] = "stdin";
        return info;
    }

    private async Task<int> FollowAsync(Process process)
    {
        await Task.WhenAll(
            CopyAsync(process.StandardOutput, LogStream.Output),
            CopyAsync(process.StandardError, LogStream.Error),
            process.WaitForExitAsync());
        return process.ExitCode;
    }

    private async Task CopyAsync(StreamReader lines, LogStream stream)
    {
        while (await lines.ReadLineAsync() is { } line) log.Write(Start.Name, line, stream);
    }
}
