using System.Globalization;

namespace SuperMassive.Cli.Shell;

internal enum Edit
{
    /// <summary>Go on; the line may have changed.</summary>
    Changed,

    /// <summary>The line is complete.</summary>
    Submitted,

    /// <summary>Ctrl-c: the line is given up, and empty now.</summary>
    Abandoned,

    /// <summary>Ctrl-d on an empty line.</summary>
    Ended,

    /// <summary>Tab, and several words fit: show <see cref="LineEditor.Candidates"/>.</summary>
    Ambiguous,

    ClearScreen,
}

/// <summary>A line being edited: keys in, text and cursor out. It knows nothing of a terminal.</summary>
internal sealed class LineEditor(CommandHistory history)
{
    /// <summary>UTF-16 text of the line.</summary>
    public string Text { get; private set; } = "";

    /// <summary>Index into <see cref="Text"/>, never inside a character of several code units.</summary>
    public int Cursor { get; private set; }

    public IReadOnlyList<string> Candidates { get; private set; } = [];

    /// <summary>The finished line; the editor begins the next one.</summary>
    public string Take()
    {
        var line = Text;
        Set("");
        return line;
    }

    public Edit Press(ConsoleKeyInfo key)
    {
        if (key.Modifiers.HasFlag(ConsoleModifiers.Control) && !key.Modifiers.HasFlag(ConsoleModifiers.Alt))
            return PressControl(key.Key);
        switch (key.Key)
        {
            case ConsoleKey.Enter: return Edit.Submitted;
            case ConsoleKey.Tab: return Complete();
            case ConsoleKey.LeftArrow: Cursor = Before(Cursor); break;
            case ConsoleKey.RightArrow: Cursor = After(Cursor); break;
            case ConsoleKey.Home: Cursor = 0; break;
            case ConsoleKey.End: Cursor = Text.Length; break;
            case ConsoleKey.Backspace: Remove(Before(Cursor), Cursor); break;
            case ConsoleKey.Delete: Remove(Cursor, After(Cursor)); break;
            case ConsoleKey.UpArrow: Set(history.Older(Text) ?? Text); break;
            case ConsoleKey.DownArrow: Set(history.Newer() ?? Text); break;
            default: Insert(key.KeyChar); break;
        }
        return Edit.Changed;
    }

    private Edit PressControl(ConsoleKey key)
    {
        switch (key)
        {
            case ConsoleKey.A: Cursor = 0; break;
            case ConsoleKey.E: Cursor = Text.Length; break;
            case ConsoleKey.U: Remove(0, Cursor); break;
            case ConsoleKey.K: Remove(Cursor, Text.Length); break;
            case ConsoleKey.W: Remove(WordBefore(Cursor), Cursor); break;
            case ConsoleKey.H or ConsoleKey.Backspace: Remove(Before(Cursor), Cursor); break;
            case ConsoleKey.J or ConsoleKey.M or ConsoleKey.Enter: return Edit.Submitted;
            case ConsoleKey.L: return Edit.ClearScreen;
            case ConsoleKey.C:
                Set("");
                return Edit.Abandoned;
            case ConsoleKey.D when Text.Length == 0: return Edit.Ended;
            case ConsoleKey.D: Remove(Cursor, After(Cursor)); break;
        }
        return Edit.Changed;
    }

    private Edit Complete()
    {
        var before = Text[..Cursor];
        Candidates = VerbCompletion.Candidates(before);
        if (Candidates.Count == 0)
            return Edit.Changed;
        var word = VerbCompletion.WordStart(before);
        var completed = VerbCompletion.CommonPrefix(Candidates);
        var isProgress = completed.Length > Cursor - word;
        if (Candidates.Count == 1)
            completed += " ";
        if (Candidates.Count > 1 && !isProgress)
            return Edit.Ambiguous;
        Text = string.Concat(before.AsSpan(0, word), completed, Text.AsSpan(Cursor));
        Cursor = word + completed.Length;
        return Edit.Changed;
    }

    private void Insert(char character)
    {
        if (char.IsControl(character))
            return;
        Text = Text.Insert(Cursor, character.ToString());
        Cursor++;
    }

    private void Remove(int from, int to)
    {
        Text = Text.Remove(from, to - from);
        Cursor = from;
    }

    private void Set(string text) => (Text, Cursor) = (text, text.Length);

    private int After(int index) => index + (index < Text.Length ? StringInfo.GetNextTextElementLength(Text, index) : 0);

    private int Before(int index)
    {
        var before = 0;
        for (var next = After(0); next < index; next = After(next))
            before = next;
        return before;
    }

    private int WordBefore(int index)
    {
        while (index > 0 && Text[index - 1] == ' ')
            index--;
        while (index > 0 && Text[index - 1] != ' ')
            index--;
        return index;
    }
}
