namespace SuperMassive.Cli.Shell;

/// <summary>Completes the first word of a line, and the verb after HELP.</summary>
internal static class VerbCompletion
{
    /// <summary>What may stand where the cursor is, sorted; empty when nothing fits or an argument is being typed.</summary>
    public static IReadOnlyList<string> Candidates(string beforeCursor)
    {
        var word = WordStart(beforeCursor);
        var lead = beforeCursor[..word].Trim();
        if (lead.Length > 0 && !lead.Equals("HELP", StringComparison.OrdinalIgnoreCase))
            return [];
        var typed = beforeCursor[word..];
        return [.. Help.Words.Where(verb => verb.StartsWith(typed, StringComparison.OrdinalIgnoreCase)).Order(StringComparer.Ordinal)];
    }

    /// <summary>The beginning that all of them share.</summary>
    public static string CommonPrefix(IReadOnlyList<string> candidates)
    {
        var prefix = candidates[0];
        foreach (var candidate in candidates)
        {
            while (!candidate.StartsWith(prefix, StringComparison.Ordinal))
                prefix = prefix[..^1];
        }
        return prefix;
    }

    public static int WordStart(string beforeCursor) => beforeCursor.LastIndexOf(' ') + 1;
}
