using System.Text;
using SuperMassive.Core.Journal;
using SuperMassive.Core.Node;
using SuperMassive.Core.Storage;
using SuperMassive.Server.Journal;
using Record = SuperMassive.Core.Journal.Record;

namespace SuperMassive.Server.Tests.Journal;

/// <summary>A folder for one test, with a journal of small segments in it as a node would have written it.</summary>
/// <param name="parent">Where to make it; null: with the other temporary files.</param>
internal sealed class JournalFolder(long segmentPages = JournalFolder.SmallSegmentPages, string? parent = null) : IDisposable
{
    public const long SmallSegmentPages = 4;

    public static readonly JournalId Id = new(42);

    /// <summary>The run of the operating system in which the journal is written.</summary>
    public static readonly UInt128 Boot = 7;

    public string Folder { get; } = parent is null
        ? Directory.CreateTempSubdirectory("supermassive-journal-").FullName
        : Directory.CreateDirectory(Path.Combine(parent, $"supermassive-journal-{Guid.NewGuid():N}")).FullName;

    public long SegmentPages => segmentPages;

    public string MarkPath => Path.Combine(Folder, JournalNames.Mark);

    /// <summary>Ends of the records written by <see cref="Write"/>, the n-th of which gives key n a value of bytes n.</summary>
    public List<long> Ends { get; } = [];

    private List<int> Lengths { get; } = [];

    /// <summary>All the segments' bytes, one after the other.</summary>
    public byte[] Bytes
    {
        get => [.. JournalListing.Read(Folder).Segments.SelectMany(segment => File.ReadAllBytes(segment.FullPath))];
        set
        {
            foreach (var segment in JournalListing.Read(Folder).Segments)
                File.Delete(segment.FullPath);
            var segmentBytes = (int)Page.StartOf(segmentPages);
            for (var at = 0; at == 0 || at < value.Length; at += segmentBytes)
                File.WriteAllBytes(SegmentPath(at / Page.PageBytes), value[at..Math.Min(value.Length, at + segmentBytes)]);
        }
    }

    public string SegmentPath(long firstPage) => Path.Combine(Folder, JournalNames.OfSegment(firstPage));

    public JournalFiles Open(UInt128? boot = null) => JournalOpening.Open(Folder, segmentPages, boot ?? Boot);

    /// <summary>Opens it as a node does that starts and finds all well.</summary>
    public JournalFiles OpenRecovered()
    {
        var files = Open();
        using var data = Recover(files, acceptLoss: false).Recovery.Data;
        return files;
    }

    /// <summary>Begins a journal with another id.</summary>
    public JournalFiles OpenRecoveredOfAnother()
    {
        var files = Open();
        var writer = new JournalWriter(new JournalId(43), segmentPages);
        writer.BeginEpoch(1);
        writer.Append(RecordOf(1, new byte[6_000]));
        files.Write(0, writer.Unwritten);
        return files;
    }

    /// <summary>Writes a journal of records whose values have these lengths, a batch each, and syncs it.</summary>
    /// <param name="syncedRecords">How many of them are synced; null: all.</param>
    public JournalFolder Write(int[] valueBytes, int? syncedRecords = null)
    {
        using var files = Open();
        var (recovery, _) = Recover(files, acceptLoss: false);
        using var data = recovery.Data;
        var writer = JournalWriter.Resume(Id, recovery.Epoch, recovery.EndLsn, recovery.DataBytes, segmentPages);
        if (recovery.Epoch == 0)
            writer.BeginEpoch(1);
        foreach (var length in valueBytes)
        {
            if (syncedRecords == Ends.Count)
                files.Sync();
            Lengths.Add(length);
            writer.Append(RecordOf(Lengths.Count, new byte[length]));
            files.Write(writer.WrittenLsn, writer.Unwritten);
            writer.MarkWritten(writer.EndLsn);
            Ends.Add(writer.EndLsn);
        }
        if (syncedRecords is null)
            files.Sync();
        return this;
    }

    public JournalFolder Write(params int[] valueBytes) => Write(valueBytes, null);

    /// <summary>Recovers, and requires that what comes back is what a prefix of the records gives and nothing else.</summary>
    /// <returns>How many records are there.</returns>
    public (int Records, JournalRecoveryResult Result) Recover(bool acceptLoss = false, UInt128? boot = null)
    {
        using var files = Open(boot);
        var (recovery, result) = Recover(files, acceptLoss);
        using var data = recovery.Data;
        var records = Ends.Count(end => end <= result.EndLsn);
        AssertHolds(data, records);
        Assert.Equal(files.EndLsn, result.EndLsn);
        return (records, result);
    }

    /// <summary>Requires that exactly the first records are there.</summary>
    public void AssertHolds(NodeData data, int records)
    {
        Assert.Equal(records, data.Table.LiveCount);
        for (var n = 1; n <= records; n++)
        {
            var expected = RecordOf(n, new byte[Lengths[n - 1]]);
            Assert.True(data.Table.TryGet(expected.Key, data.Table.Hash(expected.Key), out var held), $"record {n} is missing");
            Assert.Equal(expected.Version, held.Version);
            Assert.True(expected.Value.SequenceEqual(held.Value), $"record {n} has another value");
        }
    }

    public (NodeRecovery Recovery, JournalRecoveryResult Result) Recover(
        JournalFiles files, bool acceptLoss, Action<long, long>? progress = null)
    {
        var recovery = new NodeRecovery(1, segmentPages);
        return (recovery, JournalRecovery.Run(files, recovery, progress, acceptLoss));
    }

    /// <summary>A checkpoint of the journal as it is now, of which nothing is written to the folder.</summary>
    public (long Lsn, byte[] Bytes) MakeCheckpoint()
    {
        using var files = Open();
        var (recovery, _) = Recover(files, acceptLoss: false);
        using var data = recovery.Data;
        var writer = new CheckpointWriter(new CheckpointHeader
        {
            Lsn = recovery.EndLsn,
            JournalId = recovery.JournalId!.Value,
            Epoch = recovery.Epoch,
            DataBytes = recovery.DataBytes,
            Fence = data.Fence,
            KnownThrough = data.KnownThrough,
            PurgedThrough = data.PurgedThrough,
            HighestVersion = data.HighestVersion,
            History = data.History,
        });
        var cursor = 0UL;
        do
            cursor = data.Table.Scan(cursor, 8, (in Entry entry) => writer.Append(entry));
        while (cursor != 0);
        writer.Complete(recovery.EndLsn);
        return (recovery.EndLsn, writer.Unwritten.ToArray());
    }

    public string CheckpointPath(long lsn) => Path.Combine(Folder, JournalNames.OfCheckpoint(lsn));

    /// <summary>Makes this folder's files those of another, but for their mark when that is unknown there.</summary>
    public void CopyFrom(JournalFolder other)
    {
        foreach (var file in Directory.GetFiles(Folder))
            File.Delete(file);
        foreach (var file in Directory.GetFiles(other.Folder))
            File.Copy(file, Path.Combine(Folder, Path.GetFileName(file)));
    }

    public void Dispose() => Directory.Delete(Folder, recursive: true);

    private static Record RecordOf(int n, byte[] value)
    {
        value.AsSpan().Fill((byte)n);
        return new Record(RecordKind.Put, new Version((ulong)n), Encoding.ASCII.GetBytes($"key {n:D3}"), value);
    }
}
