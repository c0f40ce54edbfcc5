namespace SuperMassive.Simulator.Fish;

/// <summary>
/// A known bug that the net has to catch, kept as a text file: what the bug is in words, then the edits that bring it into the sources.
/// </summary>
/// <remarks>
/// Prose up to the first <c>file PATH</c>; after it any number of <c>replace</c>, indented lines, <c>with</c>, indented lines, <c>end</c>.
/// Edits match whatever the white space, so that formatting and unrelated changes do not break them, and each must match exactly once.
/// </remarks>
public sealed record KnownBug(string Name, string Prose, IReadOnlyList<Edit> Edits)
{
    public const string Extension = ".fish";

    /// <exception cref="FormatException">The text is not of this form; the message names the bug and the line.</exception>
    public static KnownBug Parse(string name, string text)
    {
        var lines = text.ReplaceLineEndings("\n").Split('\n');
        var prose = lines.TakeWhile(line => !line.StartsWith("file ", StringComparison.Ordinal)).ToList();
        var edits = new List<Edit>();
        var file = "";
        for (var i = prose.Count; i < lines.Length; i++)
        {
            if (lines[i].StartsWith("file ", StringComparison.Ordinal))
                file = lines[i][5..].Trim();
            else if (lines[i] == "replace")
                edits.Add(new Edit(file, Block(name, lines, ref i, "with"), Block(name, lines, ref i, "end")));
            else if (lines[i].Length > 0)
                throw new FormatException($"{name}{Extension}, line {i + 1}: expected 'file PATH' or 'replace', got '{lines[i]}'");
        }
        if (edits.Count == 0)
            throw new FormatException($"{name}{Extension}: no edit");
        return new KnownBug(name, string.Join(' ', prose.Where(line => line.Length > 0)), edits);
    }

    /// <summary>All bugs kept in a folder, by name.</summary>
    public static IReadOnlyList<KnownBug> ReadAll(string folder) =>
        [.. Directory.EnumerateFiles(folder, "*" + Extension).Order(StringComparer.Ordinal)
            .Select(path => Parse(Path.GetFileNameWithoutExtension(path), File.ReadAllText(path)))];

    private static string Block(string name, string[] lines, ref int i, string end)
    {
        var first = i + 1;
        for (i = first; i < lines.Length; i++)
        {
            if (lines[i] == end)
                return string.Join('\n', lines[first..i]);
            if (lines[i].Length > 0 && lines[i][0] != ' ')
                break;
        }
        throw new FormatException($"{name}{Extension}, line {i + 1}: expected an indented line or '{end}'");
    }
}
