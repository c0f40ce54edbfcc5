using SuperMassive.Core.Protocol;

namespace SuperMassive.Core.Node.Replication;

/// <summary>
/// The journal on its way to one replica. One that is behind is fed from the journal file, never from a queue, so that it costs
/// bounded memory however slow it is; one that has caught up gets each batch as it is written.
/// </summary>
internal sealed class PageStream(ReplicaFeed feed, NodeCore node, INodeEffects effects)
{
    public const int ReadBytes = 256 << 10;

    /// <summary>Bytes under way without an acknowledgement.</summary>
    public const long WindowBytes = 4 << 20;

    private long _sentLsn;
    private long _receivedLsn;
    private bool _isOpen;
    private bool _isReading;
    private bool _doneSent;

    /// <summary>What the replica has applied and will still have after a crash.</summary>
    public long AckedLsn { get; private set; }

    /// <summary>The first byte that the replica may still ask for.</summary>
    public long NeededLsn => _receivedLsn;

    /// <summary>Whether everything that the journal holds is on its way.</summary>
    public bool IsLive => _isOpen && !_isReading && _sentLsn == node.EndLsn;

    /// <param name="lsn">Where to begin.</param>
    /// <param name="heldLsn">Up to where the replica holds it all: the same, or nothing if it begins anew.</param>
    public void Start(long lsn, long heldLsn)
    {
        _sentLsn = _receivedLsn = lsn;
        AckedLsn = heldLsn;
        _doneSent = false;
        _isOpen = true;
        ReadOn();
    }

    /// <summary>Nothing is held any more: the replica begins anew, and needs the journal from <paramref name="neededLsn"/>.</summary>
    public void Forget(long neededLsn)
    {
        Stop();
        AckedLsn = 0;
        _receivedLsn = neededLsn;
    }

    public void Stop() => _isOpen = _isReading = false;

    /// <summary>The journal grew by <paramref name="bytes"/>; they are written.</summary>
    public void Appended(long lsn, ReadOnlySpan<byte> bytes)
    {
        if (!_isOpen || _isReading)
            return;
        if (lsn == _sentLsn && bytes.Length <= ReadBytes && _sentLsn - _receivedLsn < WindowBytes)
            Send(bytes);
        else
            ReadOn();
    }

    /// <summary>Bytes written behind have arrived in the file.</summary>
    public void Written()
    {
        if (_isOpen)
            ReadOn();
    }

    /// <summary>Bytes of the journal file that were asked for.</summary>
    public void JournalRead(long lsn, ReadOnlySpan<byte> bytes)
    {
        _isReading = false;
        if (!_isOpen || lsn != _sentLsn)
            return;
        if (!bytes.IsEmpty)
            Send(bytes);
        ReadOn();
    }

    /// <summary>PAGES up to <paramref name="endLsn"/> arrived.</summary>
    /// <param name="appliedLsn">Less than that while a record that had begun before this connection is not whole.</param>
    public void OnApplied(long endLsn, long appliedLsn)
    {
        _receivedLsn = endLsn;
        AckedLsn = Math.Max(AckedLsn, appliedLsn);
        ReadOn();
    }

    /// <summary>The replica was not ready to call itself in sync: it is to be asked again.</summary>
    public void AskDoneAgain()
    {
        _doneSent = false;
        ReadOn();
    }

    /// <summary>The replica said that it is in sync up to where it was sent the journal.</summary>
    public void OnSynced(long lsn) => AckedLsn = Math.Max(AckedLsn, lsn);

    public void ReadOn()
    {
        if (!_isOpen || _isReading || _sentLsn - _receivedLsn >= WindowBytes)
            return;
        if (_sentLsn >= node.WrittenLsn)
        {
            if (!_doneSent)
                SendDone();
            return;
        }
        if (_sentLsn < effects.FirstJournalLsn)
        {
            feed.SendCheckpoint();
            return;
        }
        _isReading = true;
        effects.ReadJournal(feed, _sentLsn, (int)Math.Min(ReadBytes, node.WrittenLsn - _sentLsn));
    }

    private void Send(ReadOnlySpan<byte> bytes)
    {
        var lsn = _sentLsn;
        _sentLsn += bytes.Length;
        var output = feed.Ask(FeedVerb.Pages, _sentLsn);
        RespWriter.Array(output, 3);
        RespWriter.Bulk(output, "PAGES"u8);
        RespWriter.Bulk(output, lsn);
        RespWriter.Bulk(output, bytes);
    }

    private void SendDone()
    {
        _doneSent = true;
        var output = feed.Ask(FeedVerb.DoneSync, _sentLsn);
        RespWriter.Array(output, 2);
        RespWriter.Bulk(output, "DONESYNC"u8);
        RespWriter.Bulk(output, _sentLsn);
    }
}
