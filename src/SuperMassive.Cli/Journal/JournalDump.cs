using System.Globalization;
using System.Text;
using SuperMassive.Core.Journal;
using SuperMassive.Server.Journal;

namespace SuperMassive.Cli.Journal;

/// <summary>One line for each record.</summary>
/// <param name="FromLsn">Records that begin before it are left out.</param>
/// <param name="Count">At most so many; null: all.</param>
/// <param name="Key">Only records of this key; null: of any.</param>
internal sealed record DumpOptions(long FromLsn, long? Count, string? Key, bool IsJson);

/// <summary><c>supermassive journal dump</c></summary>
internal sealed class JournalDump(TextWriter output, TextWriter errors, DumpOptions options)
{
    private readonly byte[]? _key = options.Key is { } key ? Encoding.UTF8.GetBytes(key) : null;
    private JournalWalk? _walk;
    private long _written;
    private int _skipped;

    /// <summary>A directory's journal alone: its checkpoints are dumped when they are named.</summary>
    public int Run(JournalView view)
    {
        var walk = view.Segments.Count > 0
            ? JournalWalk.OverJournal(view, Take, options.FromLsn, begun => _walk = begun)
            : JournalWalk.OverCheckpoint(view.Checkpoints[0], Take, begun => _walk = begun);
        if (!walk.IsStopped)
            Skipped(walk.Damages.Count);
        output.Flush();
        return Invocation.Succeeded;
    }

    private void Take(in Record record, long endLsn)
    {
        if (_walk!.IsStopped)
            return;
        Skipped(_walk.Damages.Count);
        var lsn = _walk.Position();
        if (lsn < options.FromLsn || (_key is not null && !record.Key.SequenceEqual(_key)))
            return;
        if (_written == options.Count)
        {
            _walk.Stop();
            return;
        }
        _written++;
        output.WriteLine(options.IsJson ? RecordLine.Json(record, lsn, endLsn) : RecordLine.Text(record, lsn));
    }

    /// <summary>Says what is missing where it is missing.</summary>
    private void Skipped(int damages)
    {
        for (; _skipped < damages; _skipped++)
        {
            output.Flush();
            var damage = _walk!.Damages[_skipped];
            errors.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"skipped: {damage.File}: {JournalVerify.Where(damage)}: {damage.What}"));
        }
    }
}
