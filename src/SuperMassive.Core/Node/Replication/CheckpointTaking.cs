using SuperMassive.Core.Journal;
using SuperMassive.Core.Protocol;

namespace SuperMassive.Core.Node.Replication;

/// <summary>
/// The replica's side of starting over from its primary's checkpoint: into the table and into a file as it comes, then the journal
/// from the page that its LSN lies in. The file becomes this replica's checkpoint only once the journal is on the disk as far as the
/// checkpoint reaches.
/// </summary>
/// <remarks>
/// Until then nothing here counts: nothing is acknowledged, nobody is answered, a lost connection or a restart begins anew. A
/// journal that does not begin at 0 and has no checkpoint is what a crash leaves (<see cref="NodeRecovery.IsUnfinishedSync"/>).
/// </remarks>
internal sealed class CheckpointTaking(NodeCore node, NodeData data, INodeEffects effects)
{
    private readonly RecordHandler _apply = (in Record record, long _) => data.Apply(record);
    private CheckpointReader? _reader;
    private PeerSession? _waiting;
    private long _totalBytes;
    private long _endLsn;
    private int _unanswered;
    private bool _isInstalling;

    /// <summary>It has begun and is not installed yet.</summary>
    public bool IsOn { get; private set; }

    /// <summary>The file's thread still has something to answer; until then no other checkpoint may begin.</summary>
    public bool IsBusy => IsOn || _unanswered > 0;

    /// <summary>All of it was read; where the journal goes on is in it.</summary>
    public CheckpointHeader? Header => _reader is { IsComplete: true } ? _reader.Header : null;

    /// <summary>Starts over.</summary>
    public void Begin(long totalBytes)
    {
        _reader = new CheckpointReader();
        _totalBytes = totalBytes;
        _isInstalling = false;
        _waiting = null;
        IsOn = true;
    }

    /// <summary>Takes the next bytes; the reply is written, and the session read on, once they are in the file.</summary>
    /// <returns>What is wrong; null when nothing is.</returns>
    public string? Take(PeerSession session, long offset, ReadOnlySpan<byte> bytes)
    {
        if (_reader is null || offset != _reader.FedBytes || offset + bytes.Length > _totalBytes)
            return $"CHECKPOINT at {offset} of {_totalBytes}, which does not follow what came before";
        if (!_reader.Feed(bytes, _apply))
            return $"the received checkpoint does not verify: {_reader.Damage}";
        if (_reader.FedBytes == _totalBytes && !_reader.IsComplete)
            return "the received checkpoint has no end";
        if (_reader.FedBytes == _totalBytes)
            _endLsn = _reader.Trailer!.Value.EndLsn;
        _waiting = session;
        session.Channel.IsReadingPaused = true;
        _unanswered++;
        effects.WriteCheckpoint(bytes);
        return null;
    }

    /// <summary>What was begun counts for nothing any more.</summary>
    public void Stop()
    {
        IsOn = false;
        _reader = null;
        _waiting = null;
    }

    /// <summary>Installs it once the journal is on the disk as far as it reaches.</summary>
    public void EndBatch()
    {
        if (!IsOn || _isInstalling || _unanswered > 0 || Header is null || node.AppliedLsn < _endLsn || node.SyncedLsn < _endLsn)
            return;
        _isInstalling = true;
        _unanswered++;
        effects.InstallCheckpoint(Header.Lsn);
    }

    public void Written()
    {
        _unanswered--;
        if (_waiting is not { IsClosed: false } session || !IsOn)
            return;
        _waiting = null;
        RespWriter.Integer(session.Channel.Output, _reader!.FedBytes);
        node.Touch(session);
        session.Channel.IsReadingPaused = false;
    }

    /// <returns>What is installed now; null when it counts for nothing any more.</returns>
    public InstalledCheckpoint? Installed(long lsn)
    {
        _unanswered--;
        if (!IsOn || !_isInstalling)
            return null;
        Stop();
        return new InstalledCheckpoint(lsn, _endLsn, _totalBytes);
    }

    /// <returns>Whether anything was under way that counted.</returns>
    public bool Failed()
    {
        _unanswered--;
        return IsOn;
    }
}
