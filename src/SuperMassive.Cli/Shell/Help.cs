namespace SuperMassive.Cli.Shell;

/// <summary>What one can type, for HELP and for completion. The last three are the shell's own words and are not sent.</summary>
internal static class Help
{
    public static readonly IReadOnlyList<(string Word, string Usage, string Meaning)> Entries =
    [
        ("PUT", "PUT key value", "write a value; it is the rest of the line, spaces included"),
        ("GET", "GET key", "read a value"),
        ("DEL", "DEL key", "delete a key"),
        ("INCR", "INCR key [amount]", "add 1 or the amount; integers, or exact decimals"),
        ("DECR", "DECR key [amount]", "subtract likewise"),
        ("REGX", "REGX pattern [offset limit]", "keys matching a regular expression, with their values, sorted by key"),
        ("STAT", "STAT", "statistics of cluster, primaries and replicas"),
        ("RCNF", "RCNF", "make all processes read their configuration anew"),
        ("PING", "PING", "answered with OK PONG"),
        ("AUTH", "AUTH base64(user\\0password)", "authenticate; the shell does so itself when it knows the credentials"),
        ("QUIT", "QUIT", "say goodbye to the cluster and leave"),
        ("HELP", "HELP [verb]", "this"),
        ("CLEAR", "CLEAR", "clear the screen, as ctrl-l does"),
        ("EXIT", "EXIT", "leave, as ctrl-d does"),
    ];

    public static readonly IReadOnlyList<string> Words = [.. Entries.Select(entry => entry.Word)];

    /// <summary>The line about one verb, or all of them.</summary>
    public static IEnumerable<string> Lines(string verb)
    {
        var width = Entries.Max(entry => entry.Usage.Length);
        var chosen = Entries.Where(entry => verb.Length == 0 || entry.Word.Equals(verb, StringComparison.OrdinalIgnoreCase)).ToList();
        return chosen.Count == 0
            ? [$"no help on '{verb}'; HELP alone lists all"]
            : chosen.Select(entry => $"{entry.Usage.PadRight(width)}  {entry.Meaning}");
    }
}
