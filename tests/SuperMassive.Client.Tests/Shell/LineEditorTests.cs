using SuperMassive.Cli.Shell;

namespace SuperMassive.Client.Tests.Shell;

public sealed class LineEditorTests
{
    private readonly LineEditor _editor;
    private readonly CommandHistory _history = new(["GET one", "GET two"]);

    public LineEditorTests() => _editor = new LineEditor(_history);

    [Theory]
    [InlineData("abc", "abc|")]
    [InlineData("abc{Left}{Left}X", "aX|bc")]
    [InlineData("abc{Home}X{End}Y", "XabcY|")]
    [InlineData("abc{^A}X{^E}Y", "XabcY|")]
    [InlineData("abc{Left}{Backspace}", "a|c")]
    [InlineData("abc{Home}{Delete}{Delete}{Right}{Right}", "c|")]
    [InlineData("abc{Home}{Left}{Backspace}", "|abc")]
    [InlineData("GET key{Left}{Left}{^U}", "|ey")]
    [InlineData("GET key{Left}{Left}{^K}", "GET k|")]
    [InlineData("PUT key some value{^W}", "PUT key some |")]
    [InlineData("PUT key  {^W}", "PUT |")]
    [InlineData("abc{^C}", "|")]
    [InlineData("abc{Home}{^D}", "|bc")]
    [InlineData("a😀é{Left}{Left}X", "aX|😀é")]
    [InlineData("a😀{Backspace}", "a|")]
    public void Keys_edit_the_line(string keys, string expected)
    {
        Type(keys);
        Assert.Equal(expected, _editor.Text.Insert(_editor.Cursor, "|"));
    }

    [Fact]
    public void Up_and_down_walk_the_history_and_come_back_to_the_draft()
    {
        Type("dra{Up}");
        Assert.Equal("GET two", _editor.Text);
        Type("{Up}{Up}{Up}");
        Assert.Equal("GET one", _editor.Text);
        Type("{Down}{Down}");
        Assert.Equal("dra", _editor.Text);
        Type("{Down}");
        Assert.Equal("dra", _editor.Text);
    }

    [Fact]
    public void Control_keys_end_lines_and_sessions()
    {
        Assert.Equal(Edit.Ended, Type("{^D}"));
        Assert.Equal(Edit.Changed, Type("a{^D}"));
        Assert.Equal(Edit.Abandoned, Type("{^C}"));
        Assert.Equal(Edit.ClearScreen, Type("ab{^L}"));
        Assert.Equal(Edit.Submitted, Type("{Enter}"));
        Assert.Equal("ab", _editor.Take());
        Assert.Equal("", _editor.Text);
    }

    [Theory]
    [InlineData("g{Tab}", "GET |")]
    [InlineData("IN{Tab}", "INCR |")]
    [InlineData("help re{Tab}", "help REGX |")]
    [InlineData("GET g{Tab}", "GET g|")]
    [InlineData("x{Tab}", "x|")]
    [InlineData("pu key{Home}{Right}{Right}{Tab}", "PUT | key")]
    public void Tab_completes_verbs(string keys, string expected)
    {
        Type(keys);
        Assert.Equal(expected, _editor.Text.Insert(_editor.Cursor, "|"));
    }

    [Fact]
    public void Tab_shows_what_fits_when_several_do()
    {
        Assert.Equal(Edit.Ambiguous, Type("p{Tab}"));
        Assert.Equal(["PING", "PUT"], _editor.Candidates);
        Assert.Equal("p", _editor.Text);
    }

    [Fact]
    public void The_history_keeps_no_credentials_no_blanks_and_no_repetitions()
    {
        Assert.False(_history.Add("AUTH c2VjcmV0"));
        Assert.False(_history.Add("  auth c2VjcmV0"));
        Assert.False(_history.Add("   "));
        Assert.False(_history.Add("GET two"));
        Assert.True(_history.Add("AUTHOR x"));
        Assert.Equal(["GET one", "GET two", "AUTHOR x"], _history.Lines);
        for (var i = 0; i < 2 * CommandHistory.MaxLines; i++)
            _history.Add($"GET {i}");
        Assert.Equal(CommandHistory.MaxLines, _history.Lines.Count);
    }

    [Theory]
    [InlineData("abc", 3, 10, "abc", 3)]
    [InlineData("abcdefghij", 10, 5, "ghij", 4)]
    [InlineData("abcdefghij", 0, 5, "abcd", 0)]
    [InlineData("日本語日本語", 6, 5, "本語", 4)]
    public void A_line_wider_than_the_terminal_is_scrolled(string text, int cursor, int width, string visible, int cell)
    {
        var view = LineView.Of(text, cursor, width);
        Assert.Equal((visible, cell), (view.Visible, view.CursorCell));
    }

    /// <summary>Types text; <c>{Name}</c> is a key, <c>{^A}</c> a control key. The result of the last one.</summary>
    private Edit Type(string keys)
    {
        var result = Edit.Changed;
        for (var i = 0; i < keys.Length; i++)
        {
            if (keys[i] != '{')
            {
                result = _editor.Press(new ConsoleKeyInfo(keys[i], default, false, false, false));
                continue;
            }
            var end = keys.IndexOf('}', i);
            var name = keys[(i + 1)..end];
            i = end;
            var isControl = name[0] == '^';
            var key = Enum.Parse<ConsoleKey>(name switch
            {
                "Left" or "Right" or "Up" or "Down" => name + "Arrow",
                _ => name.TrimStart('^'),
            });
            result = _editor.Press(new ConsoleKeyInfo(isControl ? (char)(key - ConsoleKey.A + 1) : '\0', key, false, false, isControl));
        }
        return result;
    }
}
