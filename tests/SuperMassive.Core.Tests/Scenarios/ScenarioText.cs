using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace SuperMassive.Core.Tests.Scenarios;

/// <summary>The abbreviations of commands and replies, written out.</summary>
internal static partial class ScenarioText
{
    /// <summary>
    /// Parts divided by <c> | </c>; <c>3 x TEXT</c> is thrice TEXT, <c>{1..9}</c> counts (several in one part together),
    /// <c>{100 bytes}</c> is that many letters, <c>(empty line)</c> is what ends a list.
    /// </summary>
    public static IEnumerable<string> Expand(string text) => text.Split(" | ").SelectMany(ExpandPart);

    /// <summary>A command's words as a RESP array; <c>\r</c>, <c>\n</c> and <c>\s</c> (a space) may be in a word.</summary>
    public static string ToResp(string command)
    {
        var words = command.Split(' ');
        var array = new StringBuilder($"*{words.Length}\r\n");
        for (var i = 0; i < words.Length; i++)
        {
            var word = words[i].Replace("\\r", "\r").Replace("\\n", "\n").Replace("\\s", " ");
            var end = i < words.Length - 1 ? "\r\n" : "";
            array.Append(CultureInfo.InvariantCulture, $"${Encoding.UTF8.GetByteCount(word)}\r\n{word}{end}");
        }
        return array.ToString();
    }

    private static IEnumerable<string> ExpandPart(string part)
    {
        if (part == "(empty line)")
            return [""];
        part = Bytes().Replace(part, match => new string('x', Number(match.Groups[1])));
        if (Times().Match(part) is { Success: true } times)
            return Enumerable.Repeat(times.Groups[2].Value, Number(times.Groups[1]));
        if (Range().Match(part) is not { Success: true } range)
            return [part];
        var count = Number(range.Groups[2]) - Number(range.Groups[1]) + 1;
        return Enumerable.Range(0, count).Select(i => Range().Replace(part, match => $"{Number(match.Groups[1]) + i}"));
    }

    private static int Number(Group group) => int.Parse(group.ValueSpan, CultureInfo.InvariantCulture);

    [GeneratedRegex(@"^(\d+) x (.*)$")]
    private static partial Regex Times();

    [GeneratedRegex(@"\{(\d+)\.\.(\d+)\}")]
    private static partial Regex Range();

    [GeneratedRegex(@"\{(\d+) bytes\}")]
    private static partial Regex Bytes();
}
