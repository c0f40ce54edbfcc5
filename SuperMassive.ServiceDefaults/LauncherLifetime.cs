using System.Runtime.InteropServices;
using Microsoft.Extensions.Hosting;

namespace SuperMassive.ServiceDefaults;

/// <summary>
/// The lifetime of a service under the local launcher, which sets <see cref="ParentPipeKey"/> and holds the other end of standard input.
/// <para>
/// The pipe ends when the launcher dies, however it dies: the service then drains and exits, so no launcher leaves processes behind.
/// A terminal sends Ctrl-C to every process it shows; here it is the launcher's alone, which stops the services in its order by SIGTERM.
/// </para>
/// </summary>
public sealed class LauncherLifetime(IHostApplicationLifetime application) : IHostLifetime, IDisposable
{
    /// <summary>The environment variable that announces a launcher; its only value is <c>stdin</c>.</summary>
    public const string ParentPipeKey = "SUPERMASSIVE_PARENT_PIPE";

    /// <summary>How long a service may drain after its launcher died. Nobody is left to kill it, so it ends itself then.</summary>
    private static readonly TimeSpan DrainLimit = TimeSpan.FromSeconds(10);

    private readonly ManualResetEventSlim _stopped = new();
    private readonly List<PosixSignalRegistration> _signals = [];

    /// <summary>Whether this process was started by a launcher that holds its standard input.</summary>
    public static bool IsLaunched => Environment.GetEnvironmentVariable(ParentPipeKey) == "stdin";

    /// <inheritdoc/>
    public Task WaitForStartAsync(CancellationToken cancellationToken)
    {
        _signals.Add(PosixSignalRegistration.Create(PosixSignal.SIGINT, signal => signal.Cancel = true));
        _signals.Add(PosixSignalRegistration.Create(PosixSignal.SIGTERM, signal =>
        {
            signal.Cancel = true;
            application.StopApplication();
        }));
        application.ApplicationStopped.Register(_stopped.Set);
        new Thread(WatchParent) { IsBackground = true, Name = "parent pipe" }.Start();
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var signal in _signals) signal.Dispose();
    }

    private void WatchParent()
    {
        using (var pipe = Console.OpenStandardInput())
        {
            Span<byte> ignored = stackalloc byte[64];
            while (pipe.Read(ignored) > 0) { }
        }

        application.StopApplication();
        if (!_stopped.Wait(DrainLimit)) Environment.Exit(1);
    }
}
