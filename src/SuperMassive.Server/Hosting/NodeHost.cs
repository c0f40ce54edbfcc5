using System.Diagnostics;
using Microsoft.Extensions.Logging;
using SuperMassive.Core;
using SuperMassive.Core.Node;
using SuperMassive.Core.Storage;
using SuperMassive.Server.Journal;
using SuperMassive.Server.Loop;
using SuperMassive.Server.Telemetry;

namespace SuperMassive.Server.Hosting;

/// <summary>A primary or a replica in this process: its core, its journal and checkpoints, its configuration.</summary>
public sealed class NodeHost : HostedCore, INodeEffects
{
    private readonly JournalFiles _files;
    private readonly JournalWorker _worker;
    private readonly CheckpointFile _checkpoint;

    /// <summary>A thread of its own: a checkpoint's fsync may take long, and the journal's must not wait for it.</summary>
    private readonly JournalWorker _checkpointWorker;
    private readonly Func<NodeSettings> _load;
    private readonly bool _writesBehind;
    private readonly NodeCore _core;
    private readonly TimeSpan _recoveryTime;

    /// <summary>Recovers the node from its folder. Blocks while it reads the journal.</summary>
    /// <param name="load">Reads the configuration; called again on RCNF.</param>
    /// <param name="progress">Bytes read and bytes in all, while recovering.</param>
    /// <exception cref="IOException">The journal cannot be used; the message names the file and what to do.</exception>
    public NodeHost(
        EventLoop loop, ILogger logger, string directory, Func<NodeSettings> load, bool acceptLoss = false,
        Action<long, long>? progress = null)
        : base(loop, logger)
    {
        KeyPattern.WarmUp(); // the first REGX must not pay for the compiler out of its time budget
        _load = load;
        var begun = DateTimeOffset.UtcNow;
        var begunAt = Stopwatch.GetTimestamp();
        var settings = _load();
        _writesBehind = settings.JournalMode == JournalMode.Async && !settings.IsReplica;
        var started = JournalStart.Open(directory, settings, acceptLoss, new RecoveryLog(logger, progress).Report);
        _files = started.Files;
        try
        {
            foreach (var note in started.Notes)
                CoreLog.Warn(logger, note);
            var result = started.Result;
            CoreLog.Recovered(logger, result.Records, started.Recovery.Data.Table.LiveCount, result.ReadBytes,
                result.CheckpointLsn is { } lsn ? $" from the checkpoint at LSN {lsn}" : "", result.EndLsn,
                result.TruncatedBytes > 0 ? $"; cut off {result.TruncatedBytes} bytes that were never finished" : "");
            _recoveryTime = Stopwatch.GetElapsedTime(begunAt);
            CoreSpans.Recovered(begun, result.Records, result.EndLsn);
            _checkpoint = new CheckpointFile(_files.Directory);
            _worker = new JournalWorker($"journal {settings.Address}");
            _checkpointWorker = new JournalWorker($"checkpoint {settings.Address}");
            _core = new NodeCore(settings, started.Recovery, this);
        }
        catch
        {
            _worker?.Dispose();
            _checkpointWorker?.Dispose();
            _files.Dispose();
            throw;
        }
    }

    public override IStateMachine Core => _core;

    /// <summary>On the loop's thread only.</summary>
    public NodeCore Node => _core;

    internal JournalFiles Journal => _files;

    public override string? Problem => _core.Problem;

    public JournalFileStatus JournalFileStatus => _files.Status;

    public override CoreSnapshot Snapshot() => base.Snapshot() with { Node = _core.Figures(), RecoveryTime = _recoveryTime };

    public long WriteJournal(long lsn, ReadOnlySpan<byte> bytes)
    {
        if (_writesBehind)
        {
            _worker.Write(_files, lsn, bytes.ToArray(), Written, Failed);
            return lsn;
        }
        try
        {
            _files.Write(lsn, bytes);
            return lsn + bytes.Length;
        }
        catch (JournalFileException e) when (e.IsDiskFull)
        {
            _core.JournalFull(e.Message);
            return -1;
        }
        catch (IOException e)
        {
            _core.JournalFailed(e.Message);
            return -1;
        }
    }

    public long JournalRoomBytes
    {
        get
        {
            // before the room: what is written meanwhile then counts twice, and never not at all
            var queuedBytes = _worker.QueuedBytes;
            return _files.RoomBytes - queuedBytes;
        }
    }

    public long ReserveJournal(long bytes)
    {
        var queuedBytes = _worker.QueuedBytes;
        return _files.Reserve(bytes + queuedBytes) - queuedBytes;
    }

    public void SyncJournal(long wholeLsn) => _worker.Sync(
        _files,
        wholeLsn,
        // a cut meanwhile took back what was synced
        lsn => Loop.Post(() => _core.JournalSynced(Math.Min(lsn, _files.SyncedLsn))),
        Failed);

    public void ReadJournal(object reader, long lsn, int maxBytes) => ThreadPool.QueueUserWorkItem(_ =>
    {
        var buffer = new byte[maxBytes];
        try
        {
            var count = _files.Read(lsn, buffer);
            Loop.Post(() => _core.JournalRead(reader, lsn, buffer.AsSpan(0, count)));
        }
        catch (IOException e)
        {
            Failed(e.Message);
        }
    });

    public void TruncateJournal(long lsn) => _files.Truncate(lsn);

    public long FirstJournalLsn => _files.FirstLsn;

    public void DropJournalBefore(long lsn)
    {
        _files.DropBefore(lsn);
        _checkpointWorker.Run(() =>
        {
            try
            {
                _files.DeleteDropped();
            }
            catch (IOException e)
            {
                CoreLog.Warn(Logger, e.Message); // they are tried again at the next start
            }
        });
    }

    public void WriteCheckpoint(ReadOnlySpan<byte> bytes)
    {
        var copy = bytes.ToArray();
        OnCheckpoint(() =>
        {
            var totalBytes = _checkpoint.Write(copy);
            return () => _core.CheckpointWritten(totalBytes);
        });
    }

    public void InstallCheckpoint(long lsn) => OnCheckpoint(() =>
    {
        _checkpoint.Install(lsn);
        return () => _core.CheckpointInstalled(lsn);
    });

    public void AbandonCheckpoint() => _checkpointWorker.Run(_checkpoint.Abandon);

    public void ReadCheckpoint(object reader, long offset, int maxBytes) => ThreadPool.QueueUserWorkItem(_ =>
    {
        var buffer = new byte[maxBytes];
        try
        {
            var (lsn, count, totalBytes) = _checkpoint.ReadNewest(offset, buffer);
            Loop.Post(() => _core.CheckpointRead(reader, lsn, offset, buffer.AsSpan(0, count), totalBytes));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            CoreLog.Warn(Logger, $"cannot read the newest checkpoint in {_files.Directory}: {e.Message}");
            Loop.Post(() => _core.CheckpointRead(reader, 0, offset, [], 0));
        }
    });

    public void ResetJournal(long startLsn)
    {
        // what was queued must not install a checkpoint of what is about to go
        _checkpointWorker.RunAndWait(_checkpoint.Abandon);
        _files.Reset(startLsn);
    }

    public void LoadSettings()
    {
        Spans.ReloadBegan();
        Load(_load, _core.SettingsLoaded);
    }

    public override void Dispose()
    {
        _checkpointWorker.Dispose();
        _worker.Dispose();
        _checkpoint.Dispose();
        _files.Dispose();
        _core.Data.Dispose();
    }

    internal override void Use(ServiceMetrics metrics) => _worker.SyncDuration = metrics.SyncDuration;

    /// <param name="work">Returns how the core is told.</param>
    private void OnCheckpoint(Func<Action> work) => _checkpointWorker.Run(() =>
    {
        try
        {
            Loop.Post(work());
        }
        catch (IOException e)
        {
            Loop.Post(() => _core.CheckpointFailed(e.Message));
        }
    });

    private void Written(long lsn) => Loop.Post(() => _core.JournalWritten(lsn));

    private void Failed(string why) => Loop.Post(() => _core.JournalFailed(why));
}
