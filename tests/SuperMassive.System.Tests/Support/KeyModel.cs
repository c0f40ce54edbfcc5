namespace SuperMassive.SystemTests.Support;

/// <summary>
/// What one key may hold, as its only writer knows it: what was last acknowledged, or any write without an answer since. Versions rise
/// with every command, so an older write without an answer can no longer win over a newer acknowledged one.
/// </summary>
internal sealed class KeyModel(string key)
{
    private readonly List<string?> _unanswered = [];
    private string? _acknowledged;

    public string Key => key;

    /// <summary>What was last acknowledged; null: the key is not there.</summary>
    public string? Acknowledged => _acknowledged;

    public void Acknowledge(string? value)
    {
        _acknowledged = value;
        _unanswered.Clear();
    }

    /// <summary>A write whose outcome is not known.</summary>
    public void Doubt(string? value)
    {
        if (_unanswered.Count == 0 || _unanswered[^1] != value)
            _unanswered.Add(value);
    }

    /// <returns>What is wrong with having read this, or null.</returns>
    public string? Problem(string? read)
    {
        if (read == _acknowledged)
            return null;
        var seen = _unanswered.LastIndexOf(read);
        if (seen < 0)
            return $"{key} holds {read ?? "nothing"}; acknowledged is {_acknowledged ?? "nothing"}, "
                + $"in doubt [{string.Join(", ", _unanswered)}]";
        _acknowledged = read;
        _unanswered.RemoveRange(0, seen + 1);
        return null;
    }
}
