using System.Text;
using Spectre.Console;
using SuperMassive.Client;

namespace SuperMassive.Cli.Shell;

/// <summary>The shell on a terminal.</summary>
internal sealed class InteractiveShell(SuperMassiveClientOptions options, IAnsiConsole console, HistoryFile historyFile)
{
    private readonly TerminalOutput _output = new(console);
    private readonly string _prompt = $"{options.Address}> ";
    private CommandHistory _history = new([]);
    private bool _keepsHistory = true;

    public async Task<int> RunAsync()
    {
        await using var session = new ShellSession(options, _output);
        using (var interrupt = new Interrupt())
            await session.ConnectAsync(interrupt.Token).ConfigureAwait(false);
        _output.Notice($"connected to {options.Address}; HELP lists the commands, ctrl-d leaves");
        KeepHistory(() => _history = historyFile.Load());
        var editor = new LineEditor(_history);
        while (ReadLine(editor) is { } line)
        {
            if (string.IsNullOrWhiteSpace(line))
                continue;
            if (_history.Add(line))
                KeepHistory(() => historyFile.Append(line));
            if (!TryRunOwn(line, out var isExit) && await ExecuteAsync(session, line).ConfigureAwait(false) == Outcome.Ended)
                return Invocation.Succeeded;
            if (isExit)
                return Invocation.Succeeded;
        }
        return Invocation.Succeeded;
    }

    private async Task<Outcome> ExecuteAsync(ShellSession session, string line)
    {
        using var interrupt = new Interrupt();
        try
        {
            return await session.ExecuteAsync(Encoding.UTF8.GetBytes(line), interrupt.Token).ConfigureAwait(false);
        }
        catch (SuperMassiveException e)
        {
            _output.Notice($"{e.Message}; the next command tries again");
            return Outcome.Lost;
        }
        catch (OperationCanceledException)
        {
            _output.Notice("cancelled, not sent");
            return Outcome.Lost;
        }
    }

    private bool TryRunOwn(string line, out bool isExit)
    {
        var words = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        var word = words[0].ToUpperInvariant();
        isExit = word == "EXIT" && words.Length == 1;
        switch (word)
        {
            case "HELP" when words.Length <= 2:
                foreach (var help in Help.Lines(words.Length > 1 ? words[1] : ""))
                    _output.Aside(help);
                return true;
            case "CLEAR" when words.Length == 1:
                console.Clear();
                return true;
            default:
                return isExit;
        }
    }

    private string? ReadLine(LineEditor editor)
    {
        // while a line is edited ctrl-c is a key; while a reply is awaited it is a signal
        Console.TreatControlCAsInput = true;
        try
        {
            while (true)
            {
                Draw(editor);
                switch (editor.Press(Console.ReadKey(intercept: true)))
                {
                    case Edit.Submitted:
                        Draw(editor);
                        Console.Out.WriteLine();
                        return editor.Take();
                    case Edit.Abandoned:
                        Console.Out.WriteLine("^C");
                        break;
                    case Edit.Ended:
                        Console.Out.WriteLine();
                        return null;
                    case Edit.Ambiguous:
                        Console.Out.WriteLine();
                        _output.Aside(string.Join("  ", editor.Candidates));
                        break;
                    case Edit.ClearScreen:
                        console.Clear();
                        break;
                }
            }
        }
        finally
        {
            Console.TreatControlCAsInput = false;
        }
    }

    private void Draw(LineEditor editor)
    {
        const string eraseToEnd = "\e[K";
        var widthCells = Math.Max(8, console.Profile.Width - _prompt.Length);
        var view = LineView.Of(editor.Text, editor.Cursor, widthCells);
        // the cursor is put by column: its distance to the end of the text may differ from what was drawn
        Console.Out.Write($"\r{_prompt}{view.Visible}{eraseToEnd}\r\e[{_prompt.Length + view.CursorCell}C");
    }

    /// <summary>A history that cannot be kept is worth one notice, and no failure.</summary>
    private void KeepHistory(Action action)
    {
        if (!_keepsHistory)
            return;
        try
        {
            action();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            _keepsHistory = false;
            _output.Notice($"the history is not kept: {e.Message}");
        }
    }
}
