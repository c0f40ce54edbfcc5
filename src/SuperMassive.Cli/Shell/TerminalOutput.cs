using System.Text;
using Spectre.Console;

namespace SuperMassive.Cli.Shell;

/// <summary>Replies and notices in colour. Control characters in values are shown, not obeyed: a value must not move the cursor.</summary>
internal sealed class TerminalOutput(IAnsiConsole console) : IShellOutput
{
    private const string Red = "\e[31m", Yellow = "\e[33m", Grey = "\e[90m", Plain = "\e[0m";
    private readonly bool _hasColor = console.Profile.Capabilities is { Ansi: true, ColorSystem: not ColorSystem.NoColors };

    public void ReplyLine(ReadOnlySpan<byte> line, bool isError) => Write(Visible(line), isError ? Red : "");

    public void Notice(string message) => Write(message, Yellow);

    public void Aside(string message) => Write(message, Grey);

    // written past Spectre's layout, which would break a long value at the window's edge
    private void Write(string text, string color) =>
        console.Profile.Out.Writer.WriteLine(_hasColor && color.Length > 0 ? $"{color}{text}{Plain}" : text);

    internal static string Visible(ReadOnlySpan<byte> bytes)
    {
        var text = Encoding.UTF8.GetString(bytes);
        if (!text.Any(char.IsControl))
            return text;
        var visible = new StringBuilder(text.Length + 16);
        foreach (var character in text)
        {
            if (char.IsControl(character))
                visible.Append($"\\x{(int)character:x2}");
            else
                visible.Append(character);
        }
        return visible.ToString();
    }
}
