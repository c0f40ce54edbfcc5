namespace SuperMassive.Cli.Shell;

/// <summary>Lines entered before, walked with up and down. A line that holds credentials is never kept.</summary>
internal sealed class CommandHistory
{
    public const int MaxLines = 1_000;
    private readonly List<string> _lines = [];
    private int _position;
    private string _draft = "";

    public CommandHistory(IEnumerable<string> lines)
    {
        foreach (var line in lines)
            Add(line);
    }

    public IReadOnlyList<string> Lines => _lines;

    /// <summary>False for what is not kept: blank lines, repetitions of the last one, and AUTH.</summary>
    public bool Add(string line)
    {
        var isKept = !string.IsNullOrWhiteSpace(line) && !HoldsCredentials(line) && (_lines.Count == 0 || _lines[^1] != line);
        if (isKept)
        {
            _lines.Add(line);
            if (_lines.Count > MaxLines)
                _lines.RemoveAt(0);
        }
        _position = _lines.Count;
        return isKept;
    }

    /// <summary>The line before, or null at the first; the line being typed is remembered when the walk begins.</summary>
    public string? Older(string current)
    {
        if (_position == 0)
            return null;
        if (_position == _lines.Count)
            _draft = current;
        return _lines[--_position];
    }

    /// <summary>The line after, at last the one that was being typed; null beyond it.</summary>
    public string? Newer()
    {
        if (_position >= _lines.Count)
            return null;
        _position++;
        return _position == _lines.Count ? _draft : _lines[_position];
    }

    private static bool HoldsCredentials(string line)
    {
        var word = line.AsSpan().TrimStart();
        return word.StartsWith("AUTH", StringComparison.OrdinalIgnoreCase) && (word.Length == 4 || char.IsWhiteSpace(word[4]));
    }
}
