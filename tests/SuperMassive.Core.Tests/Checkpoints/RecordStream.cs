using SuperMassive.Core.Journal;
using SuperMassive.Core.Node;
using SuperMassive.Core.Storage;
using SuperMassive.Core.Tests.Journal;
using Record = SuperMassive.Core.Journal.Record;

namespace SuperMassive.Core.Tests.Checkpoints;

/// <summary>A node's data and journal under random records, as a node would commit them: only what is news.</summary>
internal sealed class RecordStream(int seed, int keys, long segmentPages) : IDisposable
{
    private readonly List<byte> _journal = [];
    private readonly JournalWriter _writer = new(JournalBytes.Id, segmentPages);
    private ulong _version = 1_000;

    public Random Random { get; } = new(seed);

    public NodeData Data { get; } = new(hashSeed: 1);

    public JournalWriter Writer => _writer;

    public long EndLsn => _writer.EndLsn;

    public byte[] Journal => [.. _journal];

    public void Change()
    {
        // a flood of new keys, or of deletions, resizes the table while it is walked
        var choice = Random.Next(1_000);
        if (choice == 0)
            BeginEpoch();
        else if (choice < 10)
            Commit(new Record(RecordKind.Purge, Nearby(200), default, default));
        else if (choice < 15)
            Commit(new Record(RecordKind.Known, Nearby(200), default, default));
        else if (choice < 20)
            CommitFence();
        else if (choice < 300)
            Commit(new Record(RecordKind.Tombstone, Nearby(50), Key(), default));
        else if (choice < 400)
            Commit(new Record(RecordKind.Drop, Nearby(50), Key(), default));
        else
            Commit(new Record(RecordKind.Put, Nearby(50), Key(), JournalBytes.Bytes(Random.Next(Random.Next(1, 400)), Random.Next())));
    }

    public void BeginEpoch()
    {
        var number = _writer.Epoch + 1;
        _writer.BeginEpoch(number);
        Span<byte> value = stackalloc byte[EpochRecord.Bytes];
        new EpochRecord(number, new HistoryId((ulong)Random.NextInt64()), EndLsn, default).Write(value);
        Commit(new Record(RecordKind.Epoch, Version.None, default, value), isNews: true);
    }

    public CheckpointHeader Header() => new()
    {
        Lsn = _writer.EndLsn,
        JournalId = _writer.Id,
        Epoch = _writer.Epoch,
        DataBytes = _writer.DataBytes,
        Fence = Data.Fence,
        KnownThrough = Data.KnownThrough,
        PurgedThrough = Data.PurgedThrough,
        HighestVersion = Data.HighestVersion,
        History = [.. Data.History],
    };

    /// <summary>A checkpoint of the data as it is, and nothing changed meanwhile.</summary>
    public byte[] Checkpoint()
    {
        var writer = new CheckpointWriter(Header());
        var cursor = 0UL;
        do
            cursor = Data.Table.Scan(cursor, 100, writer.Append);
        while (cursor != 0);
        writer.Complete(EndLsn);
        return writer.Unwritten.ToArray();
    }

    public void Dispose() => Data.Dispose();

    private Version Nearby(int spread) => new((ulong)((long)(_version += (ulong)Random.Next(3)) + Random.Next(spread) - spread / 2));

    private byte[] Key() => System.Text.Encoding.ASCII.GetBytes($"key-{Random.Next(keys)}");

    private void CommitFence()
    {
        Span<byte> value = stackalloc byte[FenceRecord.Bytes];
        new FenceRecord((ulong)Random.Next(3), Data.Fence.Epoch + Random.Next(2)).Write(value);
        Commit(new Record(RecordKind.Fence, Version.None, default, value));
    }

    private void Commit(in Record record, bool isNews = false)
    {
        if (!isNews && !Data.IsNews(record))
            return;
        Data.Apply(record);
        _writer.Append(record);
        _journal.AddRange(_writer.Unwritten);
        _writer.MarkWritten(_writer.EndLsn);
    }
}
