using SuperMassive.Core.Journal;
using Record = SuperMassive.Core.Journal.Record;

namespace SuperMassive.Core.Tests.Journal;

/// <summary>A record that outlives its bytes.</summary>
internal sealed record Entry(RecordKind Kind, ulong Version, string Key, string Value, long EndLsn)
{
    public static Entry Of(in Record record, long endLsn) =>
        new(record.Kind, record.Version.Value, Convert.ToHexString(record.Key), Convert.ToHexString(record.Value), endLsn);
}

/// <summary>A journal's bytes as a shell would write them, and the records in them.</summary>
internal sealed class JournalBytes
{
    public static readonly JournalId Id = new(new UInt128(0x0123456789abcdef, 0xfedcba9876543210));

    private readonly List<byte> _bytes = [];

    public JournalBytes(JournalId? id = null) => Writer = new JournalWriter(id ?? Id);

    private JournalBytes(JournalWriter writer, byte[] bytes)
    {
        Writer = writer;
        _bytes.AddRange(bytes);
    }

    public JournalWriter Writer { get; }

    public List<Entry> Entries { get; } = [];

    public byte[] ToArray() => [.. _bytes];

    /// <summary>What a restart does: goes on behind the last whole record, in a new epoch.</summary>
    public static JournalBytes Restart(JournalReader recovered, byte[] bytes)
    {
        var writer = recovered.Id is { } id
            ? JournalWriter.Resume(id, recovered.Epoch, recovered.AppliedLsn, recovered.DataBytes)
            : new JournalWriter(Id);
        var journal = new JournalBytes(writer, bytes[..(int)recovered.AppliedLsn]);
        journal.BeginEpoch(recovered.Epoch + 1);
        return journal;
    }

    public void BeginEpoch(uint epoch)
    {
        Writer.BeginEpoch(epoch);
        Write();
    }

    public JournalBytes Put(int valueBytes) => Put($"key-{Entries.Count}", Bytes(valueBytes, seed: Entries.Count + 1));

    public JournalBytes Put(string key, byte[] value)
    {
        var record = new Record(RecordKind.Put, new Version((ulong)Entries.Count + 1), System.Text.Encoding.ASCII.GetBytes(key), value);
        Writer.Append(in record);
        Entries.Add(Entry.Of(in record, Writer.EndLsn));
        Write();
        return this;
    }

    /// <summary>Bytes without zeros, so that cut-off bytes differ from the zeros a file system may leave in their place.</summary>
    public static byte[] Bytes(int count, int seed)
    {
        var bytes = new byte[count];
        for (var i = 0; i < count; i++)
            bytes[i] = (byte)(1 + (seed * 31 + i * 7) % 255);
        return bytes;
    }

    public static (List<Entry> Entries, JournalScan Scan, JournalVerdict Verdict) Scan(byte[] bytes, int pieceBytes = int.MaxValue)
    {
        var entries = new List<Entry>();
        var scan = new JournalScan();
        var (at, goesOn) = (0, true);
        while (goesOn && at < bytes.Length)
        {
            var count = Math.Min(pieceBytes, bytes.Length - at);
            goesOn = scan.Feed(bytes.AsSpan(at, count), (in Record record, long end) => entries.Add(Entry.Of(in record, end)));
            at += count;
        }
        return (entries, scan, scan.Finish());
    }

    private void Write()
    {
        _bytes.AddRange(Writer.Unwritten);
        Writer.MarkWritten(Writer.EndLsn);
    }
}
