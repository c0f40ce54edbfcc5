using System.Globalization;
using Spectre.Console;

namespace SuperMassive.Cli.Shell;

/// <summary>The part of a line that fits a terminal's width, scrolled so that the cursor is in it.</summary>
/// <param name="Visible">The text to draw.</param>
/// <param name="CursorCell">Cells from its left edge to the cursor.</param>
internal readonly record struct LineView(string Visible, int CursorCell)
{
    /// <param name="widthCells">Cells there are for the text, cursor included.</param>
    public static LineView Of(string text, int cursor, int widthCells)
    {
        var start = 0;
        var cursorCell = text[..cursor].GetCellWidth();
        while (cursorCell >= widthCells && start < cursor)
        {
            start += StringInfo.GetNextTextElementLength(text, start);
            cursorCell = text[start..cursor].GetCellWidth();
        }
        var end = cursor;
        while (end < text.Length)
        {
            var next = end + StringInfo.GetNextTextElementLength(text, end);
            if (text[start..next].GetCellWidth() >= widthCells)
                break;
            end = next;
        }
        return new LineView(text[start..end], cursorCell);
    }
}
