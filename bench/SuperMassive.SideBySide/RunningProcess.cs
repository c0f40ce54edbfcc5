using System.ComponentModel;
using System.Diagnostics;
using System.Net.Sockets;

namespace SuperMassive.SideBySide;

/// <summary>A server of a measurement, on 127.0.0.1; ends with its disposal, or with this process.</summary>
internal sealed class RunningProcess : IDisposable
{
    private const int LogLines = 40;

    private static readonly TimeSpan StartLimit = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan RetryInterval = TimeSpan.FromMilliseconds(25);

    private readonly Process _process;
    private readonly Queue<string> _log = [];
    private readonly TaskCompletionSource _saidIt = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly string? _readyWords;

    private RunningProcess(string name, Process process, string? readyWords)
    {
        (Name, _process, _readyWords) = (name, process, readyWords);
        process.OutputDataReceived += (_, line) => Read(line.Data);
        process.ErrorDataReceived += (_, line) => Read(line.Data);
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
    }

    public string Name { get; }

    public bool HasExited => _process.HasExited;

    /// <summary>What it has taken of the processors since it started.</summary>
    public TimeSpan ProcessorTime
    {
        get
        {
            _process.Refresh();
            return _process.TotalProcessorTime;
        }
    }

    /// <summary>The last lines it wrote.</summary>
    public string Log
    {
        get
        {
            lock (_log)
                return string.Join('\n', _log);
        }
    }

    /// <summary>Starts it and waits until it serves.</summary>
    /// <param name="port">Waited for until it accepts a connection.</param>
    /// <param name="readyWords">And then for a line with these words; null: for none.</param>
    /// <exception cref="MeasurementException">It cannot be started or does not serve; with its log.</exception>
    public static async Task<RunningProcess> StartAsync(
        string name, ProcessStartInfo start, int port, string? readyWords, CancellationToken cancel)
    {
        start.RedirectStandardInput = start.RedirectStandardOutput = start.RedirectStandardError = true;
        start.UseShellExecute = false;
        // this project's services stop when this pipe ends, so that they outlive nobody who was killed
        start.Environment["SUPERMASSIVE_PARENT_PIPE"] = "stdin";
        RunningProcess running;
        try
        {
            running = new RunningProcess(name, Process.Start(start)!, readyWords);
        }
        catch (Win32Exception e)
        {
            throw new MeasurementException($"{name} cannot be started: {e.Message}");
        }
        try
        {
            await running.WaitAsync(port, cancel).ConfigureAwait(false);
            return running;
        }
        catch
        {
            running.Dispose();
            throw;
        }
    }

    public void Dispose()
    {
        if (!_process.HasExited)
            _process.Kill(entireProcessTree: true);
        _process.WaitForExit();
        _process.Dispose();
    }

    private async Task WaitAsync(int port, CancellationToken cancel)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        limit.CancelAfter(StartLimit);
        var exited = _process.WaitForExitAsync(limit.Token);
        var ready = IsReadyAsync(port, limit.Token);
        try
        {
            if (await Task.WhenAny(exited, ready).ConfigureAwait(false) == exited && !cancel.IsCancellationRequested && _process.HasExited)
                throw new MeasurementException($"{Name} exited with code {_process.ExitCode} before it served:\n{Log}");
            await ready.ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
        {
            throw new MeasurementException($"{Name} does not serve within {StartLimit.TotalSeconds} s:\n{Log}");
        }
    }

    private async Task IsReadyAsync(int port, CancellationToken cancel)
    {
        while (!await AcceptsAsync(port, cancel).ConfigureAwait(false))
            await Task.Delay(RetryInterval, cancel).ConfigureAwait(false);
        if (_readyWords is not null)
            await _saidIt.Task.WaitAsync(cancel).ConfigureAwait(false);
    }

    private static async Task<bool> AcceptsAsync(int port, CancellationToken cancel)
    {
        using var probe = new TcpClient();
        try
        {
            await probe.ConnectAsync("127.0.0.1", port, cancel).ConfigureAwait(false);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    private void Read(string? line)
    {
        if (line is null)
            return;
        lock (_log)
        {
            if (_log.Count == LogLines)
                _log.Dequeue();
            _log.Enqueue(line);
        }
        if (_readyWords is not null && line.Contains(_readyWords, StringComparison.Ordinal))
            _saidIt.TrySetResult();
    }
}
