using System.Globalization;
using Spectre.Console;
using SuperMassive.Core.Journal;
using SuperMassive.Server.Journal;

namespace SuperMassive.Cli.Journal;

/// <summary><c>supermassive journal inspect</c>: what a journal is, how large, and where it ends and why.</summary>
internal static class JournalInspect
{
    public static int Run(JournalView view, IAnsiConsole console)
    {
        var grid = new Grid().AddColumn(new GridColumn().NoWrap().Padding(0, 0, 2, 0)).AddColumn(new GridColumn().Padding(0, 0, 0, 0));
        foreach (var checkpoint in view.Checkpoints)
            Checkpoint(grid, checkpoint);
        if (view.Segments.Count > 0)
            Journal(grid, view);
        if (view.Mark is { } mark)
            Row(grid, "mark", $"synced through LSN {mark.SyncedLsn}, journal {NameOf(mark.Id)}, boot {mark.BootId:x32}"
                + (mark.State == JournalMarkState.Normal ? "" : $", in the midst of {mark.State}"));
        else
            Row(grid, "mark", "none");
        console.Write(grid);
        return Invocation.Succeeded;
    }

    private static void Journal(Grid grid, JournalView view)
    {
        var kinds = new SortedDictionary<RecordKind, long>();
        var (bytes, firstLsn, epochs) = (0L, (long?)null, new List<string>());
        JournalWalk? begun = null;
        var walk = JournalWalk.OverJournal(view, Count, begin: walk => begun = walk);
        Row(grid, "journal", NameOf(view.Id));
        Row(grid, "format", $"{SegmentHead.FormatVersion}, pages of {Page.PageBytes} bytes");
        foreach (var segment in view.Segments)
            Row(grid, "segment", $"{Path.GetFileName(segment.FullPath)}  pages from {Page.NumberOf(segment.StartLsn)}, "
                + $"{segment.LengthBytes} bytes");
        Row(grid, "pages", $"{Page.CountFor(view.EndLsn) - Page.NumberOf(view.StartLsn)}, from {Page.NumberOf(view.StartLsn)}");
        Row(grid, "bytes", $"{view.EndLsn - view.StartLsn}, of which {bytes} are records");
        Row(grid, "first LSN", view.StartLsn);
        Row(grid, "last LSN", walk.EndLsn);
        Row(grid, "records",
            string.Join(", ", kinds.Select(pair => $"{pair.Value} {RecordLine.NameOf(pair.Key)}")) is { Length: > 0 } text ? text : "none");
        foreach (var epoch in epochs)
            Row(grid, "epoch", epoch);
        foreach (var damage in walk.Damages)
            Row(grid, "damage", $"{Path.GetFileName(damage.File)}: {JournalVerify.Where(damage)}: {damage.What}");
        Row(grid, "ends", walk.Damages.Count > 0 && walk.UnfinishedBytes > 0 ? $"with {walk.UnfinishedBytes} bytes that cannot be read"
            : walk.UnfinishedBytes > 0 ? $"with {walk.UnfinishedBytes} bytes of an unfinished write"
            : "with a whole record");

        void Count(in Record record, long endLsn)
        {
            kinds[record.Kind] = kinds.GetValueOrDefault(record.Kind) + 1;
            bytes += record.EncodedBytes;
            firstLsn ??= begun!.Position();
            if (record.Kind == RecordKind.Epoch && EpochRecord.TryRead(record.Value, out var epoch))
                epochs.Add($"{epoch.Number} from LSN {epoch.StartLsn}, history {epoch.History}");
        }
    }

    private static void Checkpoint(Grid grid, ViewedFile file)
    {
        var (values, tombstones) = (0L, 0L);
        var walk = JournalWalk.OverCheckpoint(file, Count);
        Row(grid, "checkpoint", $"{Path.GetFileName(file.FullPath)}  {file.LengthBytes} bytes");
        if (walk.Header is { } header)
            Row(grid, "of journal", $"{header.JournalId}, epoch {header.Epoch}, replay from LSN {header.Lsn}");
        Row(grid, "holds", $"{values} values, {tombstones} tombstones");
        if (walk.Trailer is { } trailer)
            Row(grid, "made at", $"LSN {trailer.EndLsn}");
        foreach (var damage in walk.Damages)
            Row(grid, "damage", $"{JournalVerify.Where(damage)}: {damage.What}");

        void Count(in Record record, long endLsn)
        {
            if (record.Kind == RecordKind.Put)
                values++;
            else if (record.Kind == RecordKind.Tombstone)
                tombstones++;
        }
    }

    private static string NameOf(JournalId? id) => id is { } known && known != default ? known.ToString() : "not known";

    private static void Row(Grid grid, string name, object value) =>
        grid.AddRow(new Text(name), new Text(string.Create(CultureInfo.InvariantCulture, $"{value}")));
}
