using SuperMassive.Core.Journal;
using SuperMassive.Server.Journal;

namespace SuperMassive.Server.Tests.Journal;

/// <summary>The one file of an earlier build becomes segments, whatever cuts that short.</summary>
public sealed class LegacyJournalTests : IDisposable
{
    private readonly JournalFolder _folder = new();

    private string LegacyPath => Path.Combine(_folder.Folder, JournalNames.Legacy);

    private int SegmentBytes => (int)Page.StartOf(_folder.SegmentPages);

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(10)]
    [InlineData(3_000, 3_000, 3_000, 3_000)]
    public void It_is_adopted_with_all_that_is_in_it(params int[] valueBytes)
    {
        var bytes = MakeLegacy(valueBytes);
        Assert.Equal(valueBytes.Length, _folder.Recover().Records);
        Assert.False(File.Exists(LegacyPath));
        Assert.Equal(bytes, _folder.Bytes);
        Assert.Equal(_folder.Ends[^1], MarkFile.Peek(_folder.Folder)!.Value.SyncedLsn);
        Assert.Equal(valueBytes.Length, _folder.Recover().Records);
    }

    [Fact]
    public void An_empty_one_is_adopted_as_an_empty_journal()
    {
        File.WriteAllBytes(LegacyPath, []);
        Assert.Equal(0, _folder.Recover().Records);
        Assert.False(File.Exists(LegacyPath));
    }

    [Fact]
    public void Cut_short_anywhere_the_next_start_goes_on()
    {
        var bytes = MakeLegacy(3_000, 3_000, 3_000, 3_000, 900);
        var segments = (bytes.Length + SegmentBytes - 1) / SegmentBytes;
        Assert.True(segments >= 4);
        var states = 0;
        for (var copied = segments; copied >= 1; copied--)
        {
            foreach (var isTruncated in new[] { false, true })
            {
                foreach (var file in Directory.GetFiles(_folder.Folder))
                    File.Delete(file);
                for (var n = copied; n < segments; n++)
                    File.WriteAllBytes(_folder.SegmentPath(n * _folder.SegmentPages), Segment(bytes, n));
                var left = Math.Min((copied + (isTruncated ? 0 : 1)) * SegmentBytes, bytes.Length);
                File.WriteAllBytes(LegacyPath, bytes[..left]);
                File.WriteAllBytes(Path.Combine(_folder.Folder, JournalNames.SegmentTemporary), bytes[..7]);
                Assert.Equal(5, _folder.Recover().Records);
                Assert.Equal(bytes, _folder.Bytes);
                states++;
            }
        }
        Console.WriteLine($"{states} states of an adoption cut short, {segments} segments, nothing lost");
    }

    [Fact]
    public void A_torn_tail_of_it_is_cut_off_and_damage_refused()
    {
        var bytes = MakeLegacy(3_000, 3_000);
        File.WriteAllBytes(LegacyPath, bytes[..^5]);
        Assert.Equal(1, _folder.Recover().Records);

        foreach (var file in Directory.GetFiles(_folder.Folder))
            File.Delete(file);
        bytes[1_200] ^= 1;
        File.WriteAllBytes(LegacyPath, bytes);
        for (var i = 0; i < 2; i++)
            Assert.Throws<JournalCorruptException>(() => _folder.Recover());
        Assert.Equal(bytes, _folder.Bytes);
    }

    [Fact]
    public void It_is_never_ignored_beside_segments()
    {
        var bytes = MakeLegacy(3_000);
        File.WriteAllBytes(_folder.SegmentPath(0), bytes);
        var message = Assert.Throws<JournalFileException>(() => _folder.Open()).Message;
        Assert.Contains(LegacyPath, message);
        Assert.Contains("Move away", message);
        Assert.Equal(bytes, File.ReadAllBytes(LegacyPath));
    }

    [Fact]
    public void It_is_left_alone_while_an_earlier_build_runs_on_it()
    {
        MakeLegacy(3_000);
        using var locked = new FileStream(LegacyPath, FileMode.Open, FileAccess.ReadWrite, FileShare.None);
        Assert.Contains("in use", Assert.Throws<JournalFileException>(() => _folder.Open()).Message);
    }

    private byte[] MakeLegacy(params int[] valueBytes)
    {
        var bytes = _folder.Write(valueBytes).Bytes;
        foreach (var file in Directory.GetFiles(_folder.Folder))
            File.Delete(file);
        File.WriteAllBytes(LegacyPath, bytes);
        return bytes;
    }

    private byte[] Segment(byte[] bytes, int n) => bytes[(n * SegmentBytes)..Math.Min(bytes.Length, (n + 1) * SegmentBytes)];
}
