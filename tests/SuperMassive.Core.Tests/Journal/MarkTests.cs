using SuperMassive.Core.Journal;
using Record = SuperMassive.Core.Journal.Record;

namespace SuperMassive.Core.Tests.Journal;

/// <summary>What the mark of synced bytes makes of damage: see <see cref="JournalScan"/>.</summary>
public sealed class MarkTests
{
    private const int SectorBytes = 512;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_journal_that_ends_before_its_mark_is_corrupt(bool mayHaveHoles)
    {
        var journal = SomePages();
        var bytes = journal.ToArray();
        var (corrupt, torn) = (0, 0);
        foreach (var entry in journal.Entries)
        {
            for (var length = 0; length <= bytes.Length; length++)
            {
                var verdict = Scan(bytes.AsSpan(0, length), entry.EndLsn, mayHaveHoles).Verdict;
                Assert.Equal(length < entry.EndLsn, verdict.State == JournalState.Corrupt);
                Assert.Equal(length < entry.EndLsn, verdict.Damage is not null);
                corrupt += length < entry.EndLsn ? 1 : 0;
                torn += length < entry.EndLsn ? 0 : 1;
            }
        }
        Console.WriteLine($"marks times cuts: {corrupt} refused, {torn} recovered");
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_flipped_bit_before_the_mark_is_corruption_and_one_behind_it_hides_nothing_synced(bool mayHaveHoles)
    {
        var journal = SomePages();
        var bytes = journal.ToArray();
        var first = (int)Page.StartOf(journal.Writer.Pages - 3);
        var (flips, corrupt) = (0, 0);
        foreach (var synced in journal.Entries.Select(e => e.EndLsn).Where((end, i) => end > first && i % 3 == 0))
        {
            for (var at = first; at < bytes.Length; at++)
                for (var bit = 0; bit < 8; bit++, flips++)
                {
                    bytes[at] ^= (byte)(1 << bit);
                    var (count, verdict) = Scan(bytes, synced, mayHaveHoles);
                    bytes[at] ^= (byte)(1 << bit);
                    if (at < synced)
                        Assert.Equal(JournalState.Corrupt, verdict.State);
                    if (verdict.State == JournalState.Corrupt)
                    {
                        corrupt++;
                        continue;
                    }
                    Assert.Equal(JournalState.TornTail, verdict.State);
                    var expected = journal.Entries.Count(e => e.EndLsn <= Math.Max(synced, at));
                    Assert.True(count >= expected, "a record that was synced is missing");
                }
        }
        Console.WriteLine($"flipped bits under every mark: {flips}, refused: {corrupt}, cut off behind the mark: {flips - corrupt}");
    }

    /// <summary>
    /// A power cut keeps any subset of the sectors that were not synced; recovery needs no operator and loses nothing synced.
    /// </summary>
    [Fact]
    public void Any_subset_of_unsynced_sectors_recovers_to_a_prefix_that_holds_all_that_was_synced()
    {
        var journal = SomePages();
        var bytes = journal.ToArray();
        var states = 0;
        foreach (var synced in journal.Entries.Select(e => (int)e.EndLsn).Append(0))
        {
            var sectors = (bytes.Length + SectorBytes - 1) / SectorBytes - synced / SectorBytes;
            for (var kept = 0; kept < 1 << Math.Min(sectors, 12); kept++, states++)
            {
                // the last twelve sectors in any subset, those before them lost; and the file as long as it was
                var disk = (byte[])bytes.Clone();
                for (var i = 0; i < sectors; i++)
                {
                    if (i >= sectors - 12 && (kept >> (sectors - 1 - i) & 1) != 0)
                        continue;
                    var from = Math.Max(synced, (synced / SectorBytes + i) * SectorBytes);
                    var to = Math.Min(bytes.Length, (synced / SectorBytes + i + 1) * SectorBytes);
                    disk.AsSpan(from, to - from).Clear();
                }
                var (count, verdict) = Scan(disk, synced, mayHaveHoles: true);
                Assert.NotEqual(JournalState.Corrupt, verdict.State);
                Assert.True(count >= journal.Entries.Count(e => e.EndLsn <= synced));
                Assert.True(disk.AsSpan(0, (int)verdict.EndLsn).SequenceEqual(bytes.AsSpan(0, (int)verdict.EndLsn)));
            }
        }
        Console.WriteLine($"subsets of unsynced sectors: {states}, all recovered without an operator");
    }

    [Fact]
    public void The_same_hole_in_the_same_boot_is_corruption()
    {
        var journal = SomePages();
        var bytes = journal.ToArray();
        var synced = journal.Entries[2].EndLsn;
        bytes.AsSpan((int)synced, 40).Clear();
        Assert.Equal(JournalState.TornTail, Scan(bytes, synced, mayHaveHoles: true).Verdict.State);
        Assert.Equal(JournalState.Corrupt, Scan(bytes, synced, mayHaveHoles: false).Verdict.State);
    }

    private static (int Records, JournalVerdict Verdict) Scan(ReadOnlySpan<byte> bytes, long syncedLsn, bool mayHaveHoles)
    {
        var count = 0;
        var scan = new JournalScan(new JournalReader(null, 0), syncedLsn, mayHaveHoles);
        scan.Feed(bytes, (in Record _, long _) => count++);
        return (count, scan.Finish());
    }

    private static JournalBytes SomePages()
    {
        var journal = new JournalBytes();
        journal.BeginEpoch(1);
        journal.Put(0).Put(10).Put(1500).Put(300);
        journal.BeginEpoch(2);
        return journal.Put(995).Put(700).Put(1).Put(600).Put(200).Put(90).Put(30);
    }
}
