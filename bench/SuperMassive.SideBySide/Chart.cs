using System.Globalization;
using System.Security;
using System.Text;

namespace SuperMassive.SideBySide;

/// <summary>
/// Draws ratios as SVG: a bar for the median, a whisker from the lowest to the highest repeat, and for each bar its targets as lines.
/// Colours follow the reader's light or dark scheme.
/// </summary>
internal static class Chart
{
    private const int Left = 46, Top = 54, PlotHeight = 220, BarWidth = 40, BarStep = 58, GroupGap = 36, Bottom = 66;

    private const string Style = """
        text { font: 12px system-ui, sans-serif; fill: #424a53 } .title { font-size: 14px; font-weight: 600 }
        .value { font-weight: 600; fill: #1f2328 } .grid { stroke: #d1d9e0 } .even { stroke: #59636e; stroke-width: 1.5 }
        .bar { fill: #4c8dd6 } .whisker { stroke: #1f2328; stroke-width: 1.5 } .least { stroke: #bc4c00; stroke-width: 2 }
        .aim { stroke: #1a7f37; stroke-width: 2; stroke-dasharray: 5 3 }
        @media (prefers-color-scheme: dark) {
          text { fill: #9198a1 } .value { fill: #f0f6fc } .grid { stroke: #3d444d } .even { stroke: #9198a1 } .bar { fill: #316dca }
          .whisker { stroke: #f0f6fc } .least { stroke: #f0883e } .aim { stroke: #57ab5a }
        }
        """;

    /// <summary>A whole SVG document.</summary>
    /// <param name="ratios">Grouped by comparison.</param>
    /// <param name="method">One sentence on how it was measured.</param>
    public static string Draw(IReadOnlyList<Ratio> ratios, string method)
    {
        var groups = ratios.GroupBy(ratio => ratio.Comparison).ToArray();
        // one disturbed repeat must not flatten all bars: a whisker may leave the drawing
        var top = Math.Ceiling(2.2 * ratios.Select(ratio => Math.Max(ratio.Median, ratio.Aim)).DefaultIfEmpty(1).Max()) / 2;
        // the sentences and the key below need this much, however few bars there are
        var width = Math.Max(Left + ratios.Count * BarStep + groups.Length * GroupGap, 700);
        var svg = new StringBuilder();
        Line(svg, $"<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 {width} {Top + PlotHeight + Bottom}' width='{width}' role='img'>");
        Line(svg, $"<style>\n{Style}\n</style>");
        Line(svg, $"<text class='title' x='8' y='18'>Throughput divided by the peer's (connections × commands under way)</text>");
        DrawGrid(svg, top, width);
        double x = Left + GroupGap / 2;
        foreach (var group in groups)
        {
            var middle = x + group.Count() * BarStep / 2.0 - (BarStep - BarWidth) / 2.0;
            var title = Escape($"{group.Key.OursTitle} against {group.Key.PeerTitle}");
            Line(svg, $"<text x='{middle}' y='{Top - 14}' text-anchor='middle'>{title}</text>");
            foreach (var ratio in group)
            {
                DrawBar(svg, ratio, x, top);
                x += BarStep;
            }
            x += GroupGap;
        }
        DrawKey(svg, method);
        return svg.Append("</svg>\n").ToString();
    }

    private static void DrawGrid(StringBuilder svg, double top, int width)
    {
        var step = top <= 5 ? 0.5 : Math.Ceiling(top / 10);
        for (var ratio = 0.0; ratio <= top; ratio += step)
        {
            var y = Y(ratio, top);
            DrawLine(svg, ratio == 1 ? "even" : "grid", Left, width - 8, y);
            Line(svg, $"<text x='{Left - 8}' y='{y + 4:0.#}' text-anchor='end'>{ratio:0.0}×</text>");
        }
    }

    private static void DrawBar(StringBuilder svg, Ratio ratio, double x, double top)
    {
        var (middle, bottom) = (x + BarWidth / 2.0, Y(0, top));
        var (median, low, high) = (Y(ratio.Median, top), Y(ratio.Min, top), Y(Math.Min(ratio.Max, top), top));
        var cap = ratio.Max <= top ? string.Create(CultureInfo.InvariantCulture, $"M{middle - 5} {high:0.#}h10") : "";
        Line(svg, $"<rect class='bar' x='{x}' y='{median:0.#}' width='{BarWidth}' height='{bottom - median:0.#}' rx='2'/>");
        Line(svg, $"<path class='whisker' d='M{middle - 5} {low:0.#}h10M{middle} {low:0.#}V{high:0.#}{cap}'/>");
        DrawTarget(svg, "least", ratio.AtLeast, x, top);
        DrawTarget(svg, "aim", ratio.Aim, x, top);
        Line(svg, $"<text class='value' x='{middle}' y='{bottom + 16:0.#}' text-anchor='middle'>{ratio.Median:0.00}×</text>");
        Line(svg, $"<text x='{middle}' y='{bottom + 31:0.#}' text-anchor='middle'>{ratio.Load}</text>");
    }

    private static void DrawTarget(StringBuilder svg, string kind, double ratio, double x, double top) =>
        DrawLine(svg, kind, x - 5, x + BarWidth + 5, Y(ratio, top));

    private static void DrawKey(StringBuilder svg, string method)
    {
        var y = Top + PlotHeight + Bottom - 10;
        DrawLine(svg, "least", Left, Left + 24, y - 4);
        Line(svg, $"<text x='{Left + 30}' y='{y}'>at least</text>");
        DrawLine(svg, "aim", Left + 90, Left + 114, y - 4);
        Line(svg, $"<text x='{Left + 120}' y='{y}'>aim</text>");
        Line(svg, $"<text x='{Left + 160}' y='{y}'>{Escape(method)}</text>");
    }

    private static void DrawLine(StringBuilder svg, string kind, double fromX, double toX, double y) =>
        Line(svg, $"<line class='{kind}' x1='{fromX}' x2='{toX}' y1='{y:0.#}' y2='{y:0.#}'/>");

    private static double Y(double ratio, double top) => Top + PlotHeight * (1 - ratio / top);

    private static string Escape(string text) => SecurityElement.Escape(text);

    private static void Line(StringBuilder svg, FormattableString line) =>
        svg.Append(line.ToString(CultureInfo.InvariantCulture)).Append('\n');
}
