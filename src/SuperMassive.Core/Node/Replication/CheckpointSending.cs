using SuperMassive.Core.Journal;
using SuperMassive.Core.Protocol;

namespace SuperMassive.Core.Node.Replication;

/// <summary>
/// Sends a replica the newest checkpoint, when the journal that it lacks is gone; pages follow from the one that the checkpoint's
/// LSN lies in. Read from the file in windows, so that it costs bounded memory however large the table and slow the replica is.
/// </summary>
/// <remarks>When a newer checkpoint takes its place meanwhile, sending begins anew with that.</remarks>
internal sealed class CheckpointSending(ReplicaFeed feed, INodeEffects effects)
{
    /// <summary>Bytes under way without an acknowledgement.</summary>
    private const long WindowBytes = 4 * PageStream.ReadBytes;

    private long _lsn;
    private long _totalBytes;
    private long _readOffset;
    private long _sentOffset;
    private long _ackedOffset;
    private bool _isOn;
    private bool _isReading;

    public void Start()
    {
        _isOn = true;
        _lsn = -1;
        _readOffset = _sentOffset = _ackedOffset = _totalBytes = 0;
        Read();
    }

    public void Stop() => _isOn = false;

    /// <summary>Bytes of the checkpoint that were asked for.</summary>
    public void CheckpointRead(long lsn, long offset, ReadOnlySpan<byte> bytes, long totalBytes)
    {
        _isReading = false;
        if (!_isOn)
            return;
        if (totalBytes == 0)
        {
            feed.RefuseReplica($"it needs the journal before {effects.FirstJournalLsn}, which is gone, and there is no checkpoint to send");
            return;
        }
        if (offset != _readOffset || (offset > 0 && lsn != _lsn))
        {
            _readOffset = 0; // another one is installed by now, or this was for a connection that is gone
            Read();
            return;
        }
        if (offset == 0)
            Begin(lsn, totalBytes);
        Send(offset, bytes);
        _readOffset += bytes.Length;
        ReadOn();
    }

    public bool OnReply(ref RespCursor reply, long sentOffset)
    {
        if (!reply.TryInteger(out _))
            return false;
        feed.Answered();
        _ackedOffset = sentOffset;
        if (_ackedOffset < _sentOffset || _sentOffset < _totalBytes)
        {
            ReadOn();
            return true;
        }
        Stop();
        feed.CheckpointSent(PageStartOf(_lsn));
        return true;
    }

    private static long PageStartOf(long lsn) => lsn - Page.OffsetOf(lsn);

    private void Begin(long lsn, long totalBytes)
    {
        _lsn = lsn;
        _totalBytes = totalBytes;
        _sentOffset = 0;
        feed.CheckpointBegun(PageStartOf(lsn), $"by the checkpoint at {lsn}, {totalBytes} bytes");
    }

    private void ReadOn()
    {
        if (_readOffset < _totalBytes && _sentOffset - _ackedOffset < WindowBytes)
            Read();
    }

    private void Read()
    {
        if (_isReading)
            return;
        _isReading = true;
        effects.ReadCheckpoint(feed, _readOffset, PageStream.ReadBytes);
    }

    private void Send(long offset, ReadOnlySpan<byte> bytes)
    {
        _sentOffset = offset + bytes.Length;
        var output = feed.Ask(FeedVerb.Checkpoint, _sentOffset);
        RespWriter.Array(output, 5);
        RespWriter.Bulk(output, "CHECKPOINT"u8);
        RespWriter.Bulk(output, _lsn);
        RespWriter.Bulk(output, offset);
        RespWriter.Bulk(output, _totalBytes);
        RespWriter.Bulk(output, bytes);
    }
}
