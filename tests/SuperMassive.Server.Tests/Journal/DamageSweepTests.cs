using SuperMassive.Core.Journal;
using SuperMassive.Server.Journal;

namespace SuperMassive.Server.Tests.Journal;

/// <summary>
/// Every cut and every flipped bit of the last three pages, through the real files: what comes back is a prefix with all that was
/// synced, or the journal is refused and left as it is.
/// </summary>
public sealed class DamageSweepTests : IDisposable
{
    private const string MemoryDisk = "/dev/shm";

    private static readonly UInt128 OtherBoot = 8;

    // an fsync costs nothing there
    private readonly JournalFolder _folder = new(parent: Directory.Exists(MemoryDisk) ? MemoryDisk : null);
    private readonly Tally _tally = new();
    private byte[] _bytes = [];
    private byte[] _mark = [];

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(null)]
    [InlineData(3)]
    public void Every_cut(int? syncedRecords)
    {
        Prepare(syncedRecords);
        foreach (var boot in new[] { JournalFolder.Boot, OtherBoot })
        {
            for (var length = _bytes.Length - 3 * Page.PageBytes; length <= _bytes.Length; length++)
                Try(_bytes[..length], boot, syncedRecords ?? _folder.Ends.Count, mustBePrefixOf: length);
        }
        Console.WriteLine($"cuts, synced {syncedRecords?.ToString() ?? "all"} of {_folder.Ends.Count} records: {_tally}");
    }

    [Theory]
    [InlineData(null, 1)]
    [InlineData(3, 5)]
    public void Every_flipped_bit(int? syncedRecords, int step)
    {
        Prepare(syncedRecords);
        foreach (var boot in new[] { JournalFolder.Boot, OtherBoot })
        {
            for (var bit = (_bytes.Length - 3 * Page.PageBytes) * 8; bit < _bytes.Length * 8; bit += boot == OtherBoot ? 7 * step : step)
            {
                var damaged = _bytes.ToArray();
                damaged[bit / 8] ^= (byte)(1 << (bit % 8));
                Try(damaged, boot, syncedRecords ?? _folder.Ends.Count, mustBePrefixOf: bit / 8);
            }
        }
        Console.WriteLine($"flipped bits, synced {syncedRecords?.ToString() ?? "all"} of {_folder.Ends.Count} records: {_tally}");
        Assert.True(_tally.Refused > 0);
    }

    private void Prepare(int? syncedRecords)
    {
        _folder.Write([2_000, 300, 700, 40, 900, 0, 400, 300, 200], syncedRecords);
        _bytes = _folder.Bytes;
        _mark = File.ReadAllBytes(_folder.MarkPath);
    }

    /// <param name="mustBePrefixOf">Records that end at or before this are as they were written.</param>
    private void Try(byte[] bytes, UInt128 boot, int synced, int mustBePrefixOf)
    {
        _folder.Bytes = bytes;
        File.WriteAllBytes(_folder.MarkPath, _mark);
        var intact = _folder.Ends.Count(end => end <= mustBePrefixOf);
        try
        {
            var (records, _) = _folder.Recover(boot: boot);
            Assert.True(records >= synced, $"{records} of {synced} synced records came back");
            Assert.True(records >= intact, $"{records} of {intact} intact records came back");
            if (records == _folder.Ends.Count)
                _tally.Whole++;
            else
                _tally.Prefix++;
        }
        catch (JournalCorruptException)
        {
            Assert.True(intact < synced || boot == JournalFolder.Boot, "what was never synced is cut off after a restart of the machine");
            Assert.Equal(bytes, _folder.Bytes);
            _tally.Refused++;
        }
    }

    private sealed class Tally
    {
        public int Whole;
        public int Prefix;
        public int Refused;

        public override string ToString() =>
            $"{Whole} whole, {Prefix} a prefix with all that was synced, {Refused} refused, 0 lost or invented";
    }
}
