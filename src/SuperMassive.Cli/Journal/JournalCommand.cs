using System.CommandLine;
using System.Globalization;
using Spectre.Console;
using SuperMassive.Server.Journal;

namespace SuperMassive.Cli.Journal;

/// <summary><c>supermassive journal</c></summary>
internal static class JournalCommand
{
    // a file has no edge
    private const int RedirectedWidthCells = 200;

    public static Command Create()
    {
        var command = new Command("journal", "Look into a node's or a replica's journal; also while it runs, nothing is changed")
        {
            Inspect(),
            Verify(),
            Dump(),
        };
        return command;
    }

    private static Command Inspect() => Over("inspect", "What it is, how large, and where it ends and why", (view, _) =>
    {
        if (Console.IsOutputRedirected)
            AnsiConsole.Profile.Width = RedirectedWidthCells;
        return JournalInspect.Run(view, AnsiConsole.Console);
    });

    private static Command Verify() => Over("verify", "Check every checksum; exit code 1 when anything is damaged",
        (view, _) => JournalVerify.Run(view, Console.Out));

    private static Command Dump()
    {
        var from = new Option<string>("--from") { Description = "Leave out what begins before this LSN", HelpName = "LSN" };
        var count = new Option<string>("--count") { Description = "At most so many records", HelpName = "N" };
        var key = new Option<string>("--key") { Description = "Only the records of this key", HelpName = "KEY" };
        var json = new Option<bool>("--json") { Description = "A JSON object a line, with whole values" };
        var command = Over("dump", "One line for each record, going on behind what is damaged", (view, parsed) =>
        {
            if (!TryNumber(parsed.GetValue(from), "--from", 0, out var fromLsn)
                || !TryNumber(parsed.GetValue(count), "--count", long.MaxValue, out var most))
                return Invocation.Failed;
            using var output = new StreamWriter(Console.OpenStandardOutput());
            return new JournalDump(output, Console.Error,
                new DumpOptions(fromLsn, most, parsed.GetValue(key), parsed.GetValue(json))).Run(view);
        });
        foreach (var option in new Option[] { from, count, key, json })
            command.Add(option);
        return command;
    }

    private static Command Over(string name, string description, Func<JournalView, ParseResult, int> run)
    {
        var path = new Argument<string>("path")
        {
            Description = "A data directory, a segment, a checkpoint, or a .journal of an earlier version",
        };
        var command = new Command(name, description) { path };
        command.SetAction(parsed =>
        {
            using var view = JournalView.Open(parsed.GetRequiredValue(path));
            return run(view, parsed);
        });
        return command;
    }

    private static bool TryNumber(string? text, string option, long none, out long value)
    {
        value = none;
        if (text is null || (long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out value) && value >= 0))
            return true;
        Invocation.Complain($"{option} is '{text}', expected a whole number from 0.");
        return false;
    }
}
