namespace SuperMassive.Server.Configuration;

/// <summary>Finds the key that somebody probably meant.</summary>
internal static class NearestKey
{
    /// <returns>The known key that the fewest edits turn <paramref name="key"/> into, or null when that would be another word.</returns>
    public static string? Of(string key, IReadOnlyList<string> known)
    {
        var nearest = known.MinBy(candidate => Distance(key, candidate));
        return nearest is not null && Distance(key, nearest) <= Math.Max(key.Length, nearest.Length) / 3 ? nearest : null;
    }

    /// <summary>Levenshtein's distance, one row at a time.</summary>
    private static int Distance(string from, string to)
    {
        var row = Enumerable.Range(0, to.Length + 1).ToArray();
        for (var i = 1; i <= from.Length; i++)
        {
            var diagonal = row[0];
            row[0] = i;
            for (var j = 1; j <= to.Length; j++)
            {
                var substituted = diagonal + (from[i - 1] == to[j - 1] ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.Min(substituted, Math.Min(row[j], row[j - 1]) + 1);
            }
        }
        return row[^1];
    }
}
