using System.Text;
using SuperMassive.Core.Journal;
using SuperMassive.Core.Protocol;

namespace SuperMassive.Core.Node.Replication;

/// <summary>A primary's journal as its replica holds it: stored byte for byte, applied record by record.</summary>
internal sealed class ReceivedJournal
{
    /// <summary>How many epochs are named in SYNCFROM: enough to find the common one, bounded for a line.</summary>
    private const int NamedEpochs = 64;

    private readonly NodeCore _node;
    private readonly NodeData _data;
    private readonly RecordHandler _apply;
    private JournalReader _reader;

    /// <summary>Reads from the page's first byte to where a checkpoint's journal goes on.</summary>
    private JournalReader? _head;

    public ReceivedJournal(NodeCore node, NodeData data, NodeRecovery recovered)
    {
        _node = node;
        _data = data;
        _apply = (in Record record, long _) => data.Apply(record);
        _reader = recovered.EndLsn == 0
            ? new JournalReader(null, 0, recovered.SegmentPages)
            : JournalReader.Resume(
                recovered.JournalId!.Value, recovered.Epoch, recovered.EndLsn, recovered.DataBytes, recovered.SegmentPages);
        EndLsn = recovered.EndLsn;
    }

    /// <summary>End of the bytes stored.</summary>
    public long EndLsn { get; private set; }

    /// <summary>End of the last record applied.</summary>
    public long AppliedLsn => _reader.AppliedLsn;

    /// <summary>Where it could be gone on with, all that is applied being before it.</summary>
    public JournalPosition Position => new(_reader.Id, _reader.Epoch, _reader.AppliedLsn, _reader.DataBytes);

    /// <summary>Stores and applies the bytes at <see cref="EndLsn"/>.</summary>
    /// <returns>What is wrong with them, after which the journal is cut to what is whole; null when nothing is.</returns>
    public string? Take(ReadOnlySpan<byte> bytes)
    {
        if (!_node.Journal.HasRoomFor(bytes) || !_node.Journal.WriteReceived(EndLsn, bytes))
            return _node.JournalFailure is { } why ? $"journal failed: {why}" : "journal disk full";
        // what a checkpoint holds already is stored and verified, but not applied again
        var held = (int)Math.Min(Math.Max(_reader.FedLsn - EndLsn, 0), bytes.Length);
        EndLsn += bytes.Length;
        _head?.Feed(bytes[..held], Ignore);
        _reader.Feed(bytes[held..], _apply);
        if ((_head?.Damage ?? _reader.Damage) is not { } damage)
            return null;
        Cut(_data.History.Count > 0 && AppliedLsn >= _node.CheckpointEndLsn ? AppliedLsn : 0);
        _node.CloseClusterSessions();
        return $"the received journal does not verify: {damage}";
    }

    /// <summary>What is stored from <paramref name="lsn"/> on goes; at 0 everything, the table too.</summary>
    public void Cut(long lsn)
    {
        _node.Journal.Cut(lsn);
        if (lsn == 0)
        {
            Forget(0);
            return;
        }
        _reader = JournalReader.Resume(_reader.Id!.Value, EpochAt(lsn), lsn, segmentPages: _node.SegmentPages);
        EndLsn = lsn;
        _data.ForgetHistoryFrom(lsn);
    }

    /// <summary>Starts over from a checkpoint: table and journal are empty, and the journal goes on with a page.</summary>
    /// <param name="startLsn">The page's first byte.</param>
    public void Reset(long startLsn)
    {
        _node.Journal.Reset(startLsn);
        Forget(startLsn);
    }

    /// <summary>The table is the checkpoint's: records are applied from its LSN on.</summary>
    public void Resume(CheckpointHeader header)
    {
        _data.Restore(header);
        _head = new JournalReader(header.JournalId, EndLsn, _node.SegmentPages);
        _reader = JournalReader.Resume(header.JournalId, header.Epoch, header.Lsn, header.DataBytes, _node.SegmentPages);
    }

    /// <summary>Writes SYNCFROM: how far this journal goes, and in which history.</summary>
    public void Describe(OutputBuffer output)
    {
        RespWriter.Array(output, EndLsn == 0 ? 2 : 6);
        RespWriter.Bulk(output, "SYNCFROM"u8);
        RespWriter.Bulk(output, EndLsn == 0 ? -1 : (EndLsn - 1) / Page.PageBytes);
        if (EndLsn == 0)
            return;
        RespWriter.Bulk(output, Encoding.ASCII.GetBytes(_node.History.ToString()));
        RespWriter.Bulk(output, EndLsn);
        RespWriter.Bulk(output, Encoding.ASCII.GetBytes(_reader.Id?.ToString() ?? ""));
        RespWriter.Bulk(output, Encoding.ASCII.GetBytes(
            string.Join(',', _data.History.TakeLast(NamedEpochs).Select(epoch => $"{epoch.History}:{epoch.StartLsn}"))));
    }

    private static void Ignore(in Record record, long endLsn)
    {
    }

    private void Forget(long startLsn)
    {
        _data.Clear();
        _head = null;
        _reader = new JournalReader(null, 0, _node.SegmentPages);
        EndLsn = startLsn;
    }

    private uint EpochAt(long lsn)
    {
        var number = _data.History[0].Number;
        foreach (var epoch in _data.History)
        {
            if (epoch.StartLsn < lsn)
                number = epoch.Number;
        }
        return number;
    }
}
