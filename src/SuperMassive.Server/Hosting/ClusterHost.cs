using System.Buffers.Binary;
using System.Security.Cryptography;
using Microsoft.Extensions.Logging;
using SuperMassive.Core;
using SuperMassive.Core.Cluster;
using SuperMassive.Server.Loop;
using SuperMassive.Server.Telemetry;

namespace SuperMassive.Server.Hosting;

/// <summary>The coordinator in this process: its core, its state file, its configuration.</summary>
public sealed class ClusterHost : HostedCore, IClusterEffects
{
    private readonly ClusterStateFile _stateFile;
    private readonly Func<ClusterSettings> _load;
    private readonly ClusterCore _core;

    /// <param name="load">Reads the configuration; called again on RCNF.</param>
    /// <exception cref="InvalidDataException">The state file cannot be understood.</exception>
    public ClusterHost(EventLoop loop, ILogger logger, string directory, Func<ClusterSettings> load)
        : base(loop, logger)
    {
        _load = load;
        _stateFile = new ClusterStateFile(directory);
        _core = new ClusterCore(load(), _stateFile.Read(NewClusterId), this);
        HugePages.Ask(_core.HintMemory);
    }

    public override IStateMachine Core => _core;

    /// <summary>On the loop's thread only.</summary>
    public ClusterCore Cluster => _core;

    public override string? Problem => _core.Problem;

    public override CoreSnapshot Snapshot() => base.Snapshot() with { Cluster = _core.Figures() };

    public void SaveState(ClusterState state) => ThreadPool.QueueUserWorkItem(_ =>
    {
        try
        {
            _stateFile.Write(state);
            Loop.Post(() => _core.StateSaved(state));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            Loop.Post(() => _core.StateSaveFailed(e.Message));
        }
    });

    public void LoadSettings()
    {
        Spans.ReloadBegan();
        Load(_load, _core.SettingsLoaded);
    }

    public void SlowCommand(in SlowCommand command)
    {
        Count(CoreEvent.SlowCommand);
        CoreSpans.Slow(command);
        CoreLog.SlowCommand(
            Logger, MetricNames.Of(command.Verb), command.KeyPrefix, command.DurationMs, MetricNames.Of(command.Outcome));
    }

    public override void Dispose()
    {
    }

    private static ulong NewClusterId()
    {
        Span<byte> random = stackalloc byte[sizeof(ulong)];
        RandomNumberGenerator.Fill(random);
        return BinaryPrimitives.ReadUInt64LittleEndian(random);
    }
}
