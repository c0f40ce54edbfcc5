using System.Diagnostics;
using Microsoft.Extensions.Logging;
using SuperMassive.Core;
using SuperMassive.Core.Node;
using SuperMassive.Core.Storage;
using SuperMassive.Server.Journal;
using SuperMassive.Server.Loop;
using SuperMassive.Server.Telemetry;

namespace SuperMassive.Server.Hosting;

/// <summary>A primary or a replica in this process: its core, its journal file, its configuration.</summary>
public sealed class NodeHost : HostedCore, INodeEffects
{
    private readonly PageFile _file;
    private readonly JournalWorker _worker;
    private readonly Func<NodeSettings> _load;
    private readonly bool _writesBehind;
    private readonly NodeCore _core;
    private readonly TimeSpan _recoveryTime;

    /// <summary>Recovers the node from its folder. Blocks while it reads the journal.</summary>
    /// <param name="load">Reads the configuration; called again on RCNF.</param>
    /// <param name="progress">Bytes read and bytes in all, while recovering.</param>
    /// <exception cref="IOException">The journal cannot be used; the message names the file and what to do.</exception>
    public NodeHost(
        EventLoop loop, ILogger logger, string directory, Func<NodeSettings> load, bool acceptLoss = false, Action<long, long>? progress = null)
        : base(loop, logger)
    {
        KeyPattern.WarmUp(); // the first REGX must not pay for the compiler out of its time budget
        _load = () => load() with { CheckpointsEnabled = false };
        var begun = DateTimeOffset.UtcNow;
        var begunAt = Stopwatch.GetTimestamp();
        var settings = _load();
        _writesBehind = settings.JournalMode == JournalMode.Async && !settings.IsReplica;
        _file = PageFile.Open(directory);
        try
        {
            var recovery = new NodeRecovery(KeyHash.SeedFrom(settings.SharedKey));
            var result = JournalRecovery.Run(_file, recovery.Apply, progress, acceptLoss);
            recovery.Complete(result.JournalId, result.Epoch, result.EndLsn, result.DataBytes);
            CoreLog.Recovered(logger, result.Records, recovery.Data.Table.LiveCount, result.EndLsn,
                result.TruncatedBytes > 0 ? $"; cut off {result.TruncatedBytes} bytes that were never finished" : "");
            _recoveryTime = Stopwatch.GetElapsedTime(begunAt);
            CoreSpans.Recovered(begun, result.Records, result.EndLsn);
            _worker = new JournalWorker($"journal {settings.Address}");
            _core = new NodeCore(settings, recovery, this);
        }
        catch
        {
            _file.Dispose();
            throw;
        }
    }

    public override IStateMachine Core => _core;

    /// <summary>On the loop's thread only.</summary>
    public NodeCore Node => _core;

    public override string? Problem => _core.Problem;

    public JournalFileStatus JournalFileStatus => _file.Status;

    public override CoreSnapshot Snapshot() => base.Snapshot() with { Node = _core.Figures(), RecoveryTime = _recoveryTime };

    public long WriteJournal(long lsn, ReadOnlySpan<byte> bytes)
    {
        if (_writesBehind)
        {
            _worker.Write(_file, lsn, bytes.ToArray(), Written, Failed);
            return lsn;
        }
        try
        {
            _file.Write(lsn, bytes);
            return lsn + bytes.Length;
        }
        catch (IOException e)
        {
            _core.JournalFailed(e.Message);
            return -1;
        }
    }

    public void SyncJournal(long wholeLsn) => _worker.Sync(_file, lsn => Loop.Post(() => _core.JournalSynced(lsn)), Failed);

    public void ReadJournal(object reader, long lsn, int maxBytes) => ThreadPool.QueueUserWorkItem(_ =>
    {
        var buffer = new byte[maxBytes];
        try
        {
            var count = _file.Read(lsn, buffer);
            Loop.Post(() => _core.JournalRead(reader, lsn, buffer.AsSpan(0, count)));
        }
        catch (IOException e)
        {
            Failed(e.Message);
        }
    });

    public void TruncateJournal(long lsn) => _file.Truncate(lsn);

    public long FirstJournalLsn => 0;

    public void DropJournalBefore(long lsn) => throw NoCheckpoints();

    public void WriteCheckpoint(ReadOnlySpan<byte> bytes) => throw NoCheckpoints();

    public void InstallCheckpoint(long lsn) => throw NoCheckpoints();

    public void AbandonCheckpoint() => throw NoCheckpoints();

    public void ReadCheckpoint(object reader, long offset, int maxBytes) => Loop.Post(() => _core.CheckpointRead(reader, 0, offset, [], 0));

    public void ResetJournal(long startLsn)
    {
        if (startLsn != 0)
            throw NoCheckpoints();
        _file.Truncate(0);
    }

    public void LoadSettings()
    {
        Spans.ReloadBegan();
        Load(_load, _core.SettingsLoaded);
    }

    public override void Dispose()
    {
        _worker.Dispose();
        _file.Dispose();
        _core.Data.Dispose();
    }

    internal override void Use(ServiceMetrics metrics) => _worker.SyncDuration = metrics.SyncDuration;

    private static InvalidOperationException NoCheckpoints() => new("a journal of one file takes no checkpoints");

    private void Written(long lsn) => Loop.Post(() => _core.JournalWritten(lsn));

    private void Failed(string why) => Loop.Post(() => _core.JournalFailed(why));
}
