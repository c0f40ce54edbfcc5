using System.Globalization;
using SuperMassive.Core.Journal;
using SuperMassive.Server.Journal;

namespace SuperMassive.Cli.Journal;

/// <summary><c>supermassive journal verify</c>: every checksum, and whether the files belong together.</summary>
internal static class JournalVerify
{
    /// <returns>1 when anything is damaged; each damage is on a line with file, page, offset and what it is.</returns>
    public static int Run(JournalView view, TextWriter output)
    {
        var damages = 0;
        var records = 0L;
        foreach (var problem in Misfits(view))
            Write(problem);
        foreach (var checkpoint in view.Checkpoints)
        {
            var walk = JournalWalk.OverCheckpoint(checkpoint, Count);
            Write(walk.Damages);
            if (walk.Trailer is { } trailer && view.Segments.Count > 0 && trailer.EndLsn > view.EndLsn)
                Write($"{checkpoint.FullPath}: made at LSN {trailer.EndLsn}, but the journal ends at LSN {view.EndLsn}");
            if (walk.Header is { } header && view.Id is { } id && header.JournalId != id)
                Write($"{checkpoint.FullPath}: of journal {header.JournalId}, but the segments are of journal {id}");
        }
        var bytes = view.Checkpoints.Sum(checkpoint => checkpoint.LengthBytes);
        if (view.Segments.Count > 0)
        {
            var walk = JournalWalk.OverJournal(view, Count);
            Write(walk.Damages);
            bytes += view.EndLsn - view.StartLsn;
            if (walk.UnfinishedBytes > 0 && walk.Damages.Count == 0)
                output.WriteLine(string.Create(CultureInfo.InvariantCulture,
                    $"{view.FileOf(walk.EndLsn)!.FullPath}: {walk.UnfinishedBytes} bytes of an unfinished write at LSN {walk.EndLsn}, "
                        + $"which is no damage"));
        }
        output.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{(damages == 0 ? "intact" : $"damaged in {damages} places")}: {records} records in {bytes} bytes"));
        return damages == 0 ? Invocation.Succeeded : Invocation.Failed;

        void Count(in Record record, long endLsn) => records++;

        void Write(object problem)
        {
            foreach (var damage in problem as IReadOnlyList<WalkDamage> ?? [])
            {
                damages++;
                output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{damage.File}: {Where(damage)}: {damage.What}"));
            }
            if (problem is not string text)
                return;
            damages++;
            output.WriteLine(text);
        }
    }

    public static string Where(WalkDamage damage) => damage.LastPage > damage.Page
        ? string.Create(CultureInfo.InvariantCulture,
            $"pages {damage.Page} to {damage.LastPage} from offset {damage.Offset} (LSN {damage.Lsn})")
        : string.Create(CultureInfo.InvariantCulture, $"page {damage.Page} at offset {damage.Offset} (LSN {damage.Lsn})");

    private static IEnumerable<string> Misfits(JournalView view)
    {
        if (view.ProblemOfId is { } problem)
            yield return problem;
        for (var i = 1; i < view.Segments.Count; i++)
        {
            var expected = view.Segments[i - 1].StartLsn + Page.StartOf(view.SegmentPages);
            if (view.Segments[i].StartLsn != expected)
                yield return $"{Path.Combine(view.Path, JournalNames.OfSegment(Page.NumberOf(expected)))}: this segment is missing";
        }
        if (view.Segments.Count > 0 && view.StartLsn > 0 && view.Checkpoints.Count == 0 && Directory.Exists(view.Path))
            yield return $"{view.Path}: the journal begins at LSN {view.StartLsn}, and there is no checkpoint for what was before";
        if (view.Segments.Count > 0 && view.Checkpoints.Count > 0 && view.StartLsn > view.Checkpoints[0].StartLsn)
            yield return $"{view.Path}: the journal begins at LSN {view.StartLsn}, "
                + $"behind the newest checkpoint at LSN {view.Checkpoints[0].StartLsn}";
    }
}
