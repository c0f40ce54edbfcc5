using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace SuperMassive.Benchmarks.Memory;

/// <summary>A server in a process and a folder of its own, that can be killed and started again.</summary>
internal abstract class MeasuredServer : IDisposable
{
    private const int PollMs = 5;

    private static readonly TimeSpan StartTimeout = TimeSpan.FromMinutes(10);

    private Process? _process;

    protected MeasuredServer() => Directory.CreateDirectory(Folder);

    public abstract string Name { get; }

    public int Port { get; } = FreePort();

    public abstract LoadConnection Connect();

    /// <summary>Bytes of physical memory.</summary>
    public long ResidentBytes
    {
        get
        {
            _process!.Refresh();
            return _process.WorkingSet64;
        }
    }

    protected string Folder { get; } = Path.Combine(Path.GetTempPath(), $"supermassive-memory-{Guid.NewGuid():N}");

    /// <summary>Starts it and waits until it answers.</summary>
    public TimeSpan Start()
    {
        var begun = Stopwatch.GetTimestamp();
        var start = Command();
        start.RedirectStandardOutput = start.RedirectStandardError = true;
        _process = Process.Start(start) ?? throw new IOException($"{start.FileName} did not start");
        _process.OutputDataReceived += (_, _) => { };
        _process.ErrorDataReceived += (_, line) => Console.Error.Write(line.Data is { } text ? text + Environment.NewLine : "");
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
        while (!Answers())
        {
            if (_process.WaitForExit(PollMs) || Stopwatch.GetElapsedTime(begun) > StartTimeout)
                throw new IOException($"{Name} does not answer");
        }
        return Stopwatch.GetElapsedTime(begun);
    }

    /// <summary>Has the table written to the disk as it is now, and waits until that is done.</summary>
    /// <returns>From when until when it was written.</returns>
    public abstract Interval Snapshot(int keys);

    /// <summary>Looks at every key, once.</summary>
    public abstract void ScanAll(LoadConnection connection);

    public void Kill()
    {
        _process!.Kill();
        _process.WaitForExit();
    }

    public void Dispose()
    {
        if (_process is { HasExited: false })
            Kill();
        _process?.Dispose();
        Directory.Delete(Folder, recursive: true);
    }

    protected static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    protected static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);

    /// <exception cref="IOException">It has not come about within ten minutes.</exception>
    protected void WaitUntil(Func<bool> condition, string what)
    {
        var begun = Stopwatch.GetTimestamp();
        while (!condition())
        {
            if (Stopwatch.GetElapsedTime(begun) > StartTimeout)
                throw new IOException($"{Name}: waited in vain for {what}");
            Thread.Sleep(1);
        }
    }

    protected abstract ProcessStartInfo Command();

    private bool Answers()
    {
        try
        {
            using var connection = Connect();
            return IsReady(connection);
        }
        catch (Exception e) when (e is SocketException or IOException)
        {
            return false; // not yet
        }
    }

    /// <summary>A connection stands; whether the data does too.</summary>
    protected abstract bool IsReady(LoadConnection connection);
}
