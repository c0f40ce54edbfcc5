using SuperMassive.Core.Journal;
using SuperMassive.Server.Journal;
using Record = SuperMassive.Core.Journal.Record;

namespace SuperMassive.Server.Tests.Journal;

/// <summary>A folder for one test, with a journal in it as a node would have written it.</summary>
internal sealed class JournalFolder : IDisposable
{
    public static readonly JournalId Id = new(42);

    public string Folder { get; } = Directory.CreateTempSubdirectory("supermassive-journal-").FullName;

    public string FilePath => Path.Combine(Folder, PageFile.FileName);

    /// <summary>Ends of the records written by <see cref="Write"/>.</summary>
    public List<long> Ends { get; } = [];

    public byte[] Bytes
    {
        get => File.ReadAllBytes(FilePath);
        set => File.WriteAllBytes(FilePath, value);
    }

    /// <summary>Writes a journal of records whose values have these lengths, a batch each.</summary>
    public JournalFolder Write(params int[] valueBytes)
    {
        using var file = PageFile.Open(Folder);
        var writer = new JournalWriter(Id);
        writer.BeginEpoch(1);
        foreach (var length in valueBytes)
        {
            var value = new byte[length];
            value.AsSpan().Fill((byte)(Ends.Count + 1));
            writer.Append(new Record(RecordKind.Put, new Version((ulong)Ends.Count + 1), "key"u8, value));
            file.Write(writer.WrittenLsn, writer.Unwritten);
            writer.MarkWritten(writer.EndLsn);
            Ends.Add(writer.EndLsn);
        }
        file.Sync();
        return this;
    }

    /// <summary>Recovers; the versions of the records that came back are 1, 2, 3 … as <see cref="Write"/> gave them.</summary>
    public JournalRecoveryResult Recover(bool acceptLoss = false)
    {
        using var file = PageFile.Open(Folder);
        var next = 1UL;
        var result = JournalRecovery.Run(file, (in Record record, long end) =>
        {
            Assert.Equal(next, record.Version.Value);
            Assert.Equal(Ends[(int)next - 1], end);
            Assert.False(record.Value.ContainsAnyExcept((byte)next));
            next++;
        }, acceptLoss: acceptLoss);
        Assert.Equal((long)next - 1, result.Records);
        Assert.Equal(file.Length, result.EndLsn);
        return result;
    }

    public void Dispose() => Directory.Delete(Folder, recursive: true);
}
