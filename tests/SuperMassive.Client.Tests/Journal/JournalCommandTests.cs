using System.Diagnostics;
using System.Globalization;
using System.Text;
using System.Text.Json;
using Spectre.Console;
using SuperMassive.Cli.Journal;
using SuperMassive.Core.Journal;
using SuperMassive.Server.Journal;
using Record = SuperMassive.Core.Journal.Record;
using Version = SuperMassive.Core.Storage.Version;

namespace SuperMassive.Client.Tests.Journal;

/// <summary><c>supermassive journal</c> over files whose every byte is known.</summary>
public sealed class JournalCommandTests : IDisposable
{
    private static readonly JournalId Id = new(0x2a);

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("supermassive-cli-");

    private string SegmentPath => Path.Combine(_folder.FullName, JournalNames.OfSegment(0));

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public void Dump_prints_a_line_for_each_record()
    {
        WriteJournal();
        var (code, output, errors) = Dump();
        Assert.Equal((0, ""), (code, errors));
        Assert.Equal(
            """
                      51 epoch      -                              epoch 1 history 00000000000000000000000000000007 from 0 parent 00000000000000000000000000000000
                     115 put        2026-01-02T03:04:05.006Z+0     "apple" "green"
                     145 put        2026-01-02T03:04:05.006Z+1     "b\x00\x22\x5c" "vvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvv"… 2000 bytes
                    2215 tombstone  2026-01-02T03:04:05.007Z+0     "apple"
                    2240 fence      -                              cluster 9 epoch 3
                    2276 drop       2026-01-02T03:04:05.008Z+0     "b\x00\x22\x5c"
                    2300 known      2026-01-02T03:04:05.008Z+0
                    2320 purge      2026-01-02T03:04:05.008Z+0

            """.ReplaceLineEndings(), output);
    }

    [Fact]
    public void Dump_is_bounded_by_lsn_count_and_key()
    {
        WriteJournal();
        Assert.Equal(["2215", "2240"], Lsns(Dump(new DumpOptions(2_215, 2, null, false))));
        Assert.Equal(["115", "2215"], Lsns(Dump(new DumpOptions(0, null, "apple", false))));
        Assert.Equal(["2215"], Lsns(Dump(new DumpOptions(200, null, "apple", false))));
        Assert.Empty(Lsns(Dump(new DumpOptions(1_000_000, null, null, false))));
        Assert.Empty(Lsns(Dump(new DumpOptions(0, 0, null, false))));
    }

    [Fact]
    public void Dump_as_json_has_whole_values()
    {
        WriteJournal();
        var lines = Dump(new DumpOptions(0, null, null, IsJson: true)).Output
            .Split(Environment.NewLine, StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(8, lines.Length);
        Assert.Equal(
            """{"lsn":115,"end":145,"kind":"put","version":115823283077513216,"time":"2026-01-02T03:04:05.006Z+0","key":"apple","value":"green"}""",
                lines[1]);
        using var large = JsonDocument.Parse(lines[2]);
        Assert.Equal(new string('v', 2_000), large.RootElement.GetProperty("value").GetString());
        Assert.Equal("b\0\"\\", large.RootElement.GetProperty("key").GetString());
    }

    [Fact]
    public void Dump_goes_on_behind_damage_and_says_what_it_left_out()
    {
        WriteJournal();
        Flip(1_100);
        var (code, output, errors) = Dump();
        Assert.Equal(0, code);
        Assert.Equal(["51", "115", "2215", "2240", "2276", "2300", "2320"], Lsns((code, output, errors)));
        Assert.Equal($"skipped: {SegmentPath}: page 1 at offset 1056 (LSN 1056): bad fragment checksum{Environment.NewLine}", errors);
    }

    [Fact]
    public void Verify_names_each_damage_by_file_page_and_offset()
    {
        WriteJournal();
        Assert.Equal((0, $"intact: 8 records in {new FileInfo(SegmentPath).Length} bytes{Environment.NewLine}"), Verify());
        Flip(5);
        Flip(1_100);
        var (code, output) = Verify();
        Assert.Equal(1, code);
        Assert.Equal(
            [
                $"{SegmentPath}: page 0 at offset 0 (LSN 0): bad page checksum",
                $"{SegmentPath}: page 1 at offset 1056 (LSN 1056): bad fragment checksum",
                $"damaged in 2 places: 5 records in {new FileInfo(SegmentPath).Length} bytes",
            ], output.Split(Environment.NewLine, StringSplitOptions.RemoveEmptyEntries));
    }

    [Fact]
    public void Verify_tells_an_unfinished_write_from_synced_bytes_that_are_gone()
    {
        WriteJournal(syncedLsn: 2_240);
        using (var file = File.OpenWrite(SegmentPath))
            file.SetLength(2_290);
        var (code, output) = Verify();
        Assert.Equal(0, code);
        Assert.Contains("14 bytes of an unfinished write at LSN 2276, which is no damage", output);
        using (var file = File.OpenWrite(SegmentPath))
            file.SetLength(2_230);
        (code, output) = Verify();
        Assert.Equal(1, code);
        Assert.Contains("it ends here, although the disk held it up to LSN 2240", output);
    }

    [Fact]
    public void Inspect_sums_up()
    {
        WriteJournal(syncedLsn: 2_340);
        WriteCheckpoint();
        var output = Inspect();
        var checkpointBytes = new FileInfo(Path.Combine(_folder.FullName, JournalNames.OfCheckpoint(145))).Length;
        Assert.Equal(
            """
            checkpoint  checkpoint-0000000000000145  SIZE bytes
            of journal  0000000000000000000000000000002a, epoch 1, replay from LSN 145
            holds       1 values, 1 tombstones
            made at     LSN 2340
            journal     0000000000000000000000000000002a
            format      1, pages of 1040 bytes
            segment     journal-000000000000  pages from 0, 2340 bytes
            pages       3, from 0
            bytes       2340, of which 2187 are records
            first LSN   0
            last LSN    2340
            records     2 put, 1 tombstone, 1 drop, 1 purge, 1 epoch, 1 fence, 1 known
            epoch       1 from LSN 0, history 00000000000000000000000000000007
            ends        with a whole record
            mark        synced through LSN 2340, journal 0000000000000000000000000000002a, boot 00000000000000000000000000000005
            """.Replace("SIZE", checkpointBytes.ToString(CultureInfo.InvariantCulture)).ReplaceLineEndings(),
            string.Join(Environment.NewLine, output.Split(Environment.NewLine).Select(line => line.TrimEnd())).TrimEnd());
    }

    [Fact]
    public void A_checkpoint_alone_is_dumped_and_verified()
    {
        WriteJournal();
        var path = WriteCheckpoint();
        var (_, output, _) = Dump(path: path);
        Assert.Contains("\"apple\"", output);
        Assert.Equal(2, output.Split(Environment.NewLine, StringSplitOptions.RemoveEmptyEntries).Length);
        Assert.Equal(0, Verify(path).Code);
        using (var file = File.OpenWrite(path))
            file.SetLength(file.Length - 1);
        var (code, text) = Verify(path);
        Assert.Equal(1, code);
        Assert.Contains("without a trailer", text);
        Assert.Equal(1, Verify().Code);
    }

    [Fact]
    public void A_segment_alone_and_a_journal_of_an_earlier_version_can_be_read()
    {
        WriteJournal();
        Assert.Equal(8, Lsns(Dump(path: SegmentPath)).Length);
        var legacy = Path.Combine(_folder.FullName, JournalNames.Legacy);
        File.Move(SegmentPath, legacy);
        Assert.Equal(8, Lsns(Dump(path: legacy)).Length);
        Assert.Equal(8, Lsns(Dump(path: _folder.FullName)).Length);
        Assert.Equal(0, Verify().Code);
    }

    [Fact]
    public void A_segment_whose_beginning_was_never_received_is_read_from_where_it_begins()
    {
        WriteJournal();
        var bytes = File.ReadAllBytes(SegmentPath);
        bytes.AsSpan(0, 2 * Page.PageBytes).Clear();
        File.WriteAllBytes(SegmentPath, bytes);
        WriteMark(new JournalMark(Id, bytes.Length, 2 * Page.PageBytes, 5, 0, JournalMarkState.Normal));
        Assert.Equal(["2215", "2240", "2276", "2300", "2320"], Lsns(Dump()));
    }

    [Fact]
    public void A_journal_that_is_being_written_is_read_without_disturbing_it()
    {
        using var files = JournalFiles.Open(_folder.FullName);
        var writer = new JournalWriter(Id);
        writer.BeginEpoch(1);
        var before = 0;
        for (var n = 1; n <= 200; n++)
        {
            writer.Append(new Record(RecordKind.Put, new Version((ulong)n), "key"u8, new byte[n * 7 % 900]));
            var half = writer.Unwritten.Length / 2;
            files.Write(writer.WrittenLsn, writer.Unwritten[..half]);
            if (n % 20 == 0)
            {
                files.Sync(wholeLsn: writer.WrittenLsn);
                var count = Lsns(Dump()).Length;
                Assert.Equal(n - 1, count);
                Assert.True(count >= before);
                before = count;
                Assert.Equal(0, Verify().Code);
            }
            files.Write(writer.WrittenLsn + half, writer.Unwritten[half..]);
            writer.MarkWritten(writer.EndLsn);
        }
    }

    [Theory]
    [InlineData("journal", "inspect", "/no/such/place")]
    [InlineData("journal", "verify", "/no/such/place")]
    [InlineData("journal", "dump", "/no/such/place")]
    [InlineData("journal", "dump", "FOLDER")]
    [InlineData("journal", "dump", "FOLDER/notes.txt")]
    [InlineData("journal", "dump", "JOURNAL", "--from", "-1")]
    [InlineData("journal", "dump", "JOURNAL", "--count", "many")]
    public async Task Wrong_arguments_are_explained_on_standard_error_with_exit_code_1(params string[] arguments)
    {
        await File.WriteAllTextAsync(Path.Combine(_folder.FullName, "notes.txt"), "x");
        var journal = Directory.CreateDirectory(Path.Combine(_folder.FullName, "journal")).FullName;
        JournalFiles.Open(journal).Dispose();
        var (code, errors) = await RunAsync(
            [.. arguments.Select(argument => argument.Replace("FOLDER", _folder.FullName).Replace("JOURNAL", journal))]);
        Assert.Equal(1, code);
        Assert.StartsWith("supermassive: ", errors);
        Assert.Single(errors.TrimEnd().Split('\n'));
    }

    private void WriteJournal(long? syncedLsn = null)
    {
        var time = new DateTimeOffset(2026, 1, 2, 3, 4, 5, 6, TimeSpan.Zero).ToUnixTimeMilliseconds();
        var writer = new JournalWriter(Id);
        writer.BeginEpoch(1);
        var epoch = new byte[EpochRecord.Bytes];
        new EpochRecord(1, new HistoryId(7), 0, default).Write(epoch);
        var fence = new byte[FenceRecord.Bytes];
        new FenceRecord(9, 3).Write(fence);
        writer.Append(new Record(RecordKind.Epoch, Version.None, default, epoch));
        writer.Append(new Record(RecordKind.Put, Version.At(time), "apple"u8, "green"u8));
        writer.Append(new Record(RecordKind.Put, Version.At(time).Next, "b\0\"\\"u8, Encoding.ASCII.GetBytes(new string('v', 2_000))));
        writer.Append(new Record(RecordKind.Tombstone, Version.At(time + 1), "apple"u8, default));
        writer.Append(new Record(RecordKind.Fence, Version.None, default, fence));
        writer.Append(new Record(RecordKind.Drop, Version.At(time + 2), "b\0\"\\"u8, default));
        writer.Append(new Record(RecordKind.Known, Version.At(time + 2), default, default));
        writer.Append(new Record(RecordKind.Purge, Version.At(time + 2), default, default));
        File.WriteAllBytes(SegmentPath, writer.Unwritten.ToArray());
        if (syncedLsn is { } lsn)
            WriteMark(new JournalMark(Id, lsn, 0, 5, 0, JournalMarkState.Normal));
    }

    private string WriteCheckpoint()
    {
        var writer = new CheckpointWriter(new CheckpointHeader
        {
            Lsn = 145,
            JournalId = Id,
            Epoch = 1,
            DataBytes = 90,
            Fence = default,
            KnownThrough = Version.None,
            PurgedThrough = Version.None,
            HighestVersion = new Version(5),
            History = [new EpochRecord(1, new HistoryId(7), 0, default)],
        });
        using var data = new Core.Node.NodeData(1);
        data.Apply(new Record(RecordKind.Put, new Version(4), "apple"u8, "red"u8));
        data.Apply(new Record(RecordKind.Tombstone, new Version(5), "pear"u8, default));
        var cursor = 0UL;
        do
            cursor = data.Table.Scan(cursor, 8, (in Core.Storage.Entry entry) => writer.Append(entry));
        while (cursor != 0);
        writer.Complete(2_340);
        var path = Path.Combine(_folder.FullName, JournalNames.OfCheckpoint(145));
        File.WriteAllBytes(path, writer.Unwritten.ToArray());
        return path;
    }

    private void WriteMark(JournalMark mark)
    {
        var bytes = new byte[JournalMark.Bytes];
        mark.Write(bytes);
        File.WriteAllBytes(Path.Combine(_folder.FullName, JournalNames.Mark), bytes);
    }

    private void Flip(int offset)
    {
        var bytes = File.ReadAllBytes(SegmentPath);
        bytes[offset] ^= 1;
        File.WriteAllBytes(SegmentPath, bytes);
    }

    private (int Code, string Output, string Errors) Dump(DumpOptions? options = null, string? path = null)
    {
        using var view = JournalView.Open(path ?? _folder.FullName);
        using var output = new StringWriter(CultureInfo.InvariantCulture);
        using var errors = new StringWriter(CultureInfo.InvariantCulture);
        var code = new JournalDump(output, errors, options ?? new DumpOptions(0, null, null, false)).Run(view);
        return (code, output.ToString(), errors.ToString());
    }

    private static string[] Lsns((int Code, string Output, string Errors) dumped) =>
        [.. dumped.Output.Split(Environment.NewLine, StringSplitOptions.RemoveEmptyEntries).Select(line => line.TrimStart().Split(' ')[0])];

    private (int Code, string Output) Verify(string? path = null)
    {
        using var view = JournalView.Open(path ?? _folder.FullName);
        using var output = new StringWriter(CultureInfo.InvariantCulture);
        return (JournalVerify.Run(view, output), output.ToString());
    }

    private string Inspect()
    {
        using var view = JournalView.Open(_folder.FullName);
        using var output = new StringWriter(CultureInfo.InvariantCulture);
        var console = AnsiConsole.Create(new AnsiConsoleSettings { Ansi = AnsiSupport.No, Out = new AnsiConsoleOutput(output) });
        console.Profile.Width = 200;
        Assert.Equal(0, JournalInspect.Run(view, console));
        return output.ToString();
    }

    private static async Task<(int Code, string Errors)> RunAsync(string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo("dotnet",
            [Path.Combine(AppContext.BaseDirectory, "supermassive.dll"), .. arguments])
        {
            RedirectStandardError = true,
            RedirectStandardOutput = true,
        })!;
        var errors = await process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        return (process.ExitCode, errors);
    }
}
