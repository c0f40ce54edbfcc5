using System.Text.RegularExpressions;

namespace SuperMassive.Simulator.Fish;

/// <summary>One replacement in one source file.</summary>
/// <param name="File">Where it was when the bug was described, relative to the root of the repository.</param>
public readonly record struct Edit(string File, string Old, string New)
{
    /// <summary>Applies it to the text of its file.</summary>
    /// <returns>The changed text, or null with <paramref name="problem"/> when it does not match exactly once.</returns>
    public string? Apply(string source, out string problem)
    {
        var words = Old.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries).Select(Regex.Escape);
        var matches = Regex.Matches(source, string.Join(@"\s+", words), RegexOptions.CultureInvariant);
        problem = matches.Count == 1 ? "" : $"{File} holds this {matches.Count} times instead of once:\n{Old}";
        return matches.Count == 1 ? source[..matches[0].Index] + New.Trim() + source[(matches[0].Index + matches[0].Length)..] : null;
    }
}
