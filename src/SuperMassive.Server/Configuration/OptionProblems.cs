namespace SuperMassive.Server.Configuration;

/// <summary>What is wrong with one file, and which of its keys took which address.</summary>
internal sealed class OptionProblems(string fileName, string directory)
{
    private readonly List<(int Line, string Text)> _found = [];
    private readonly Dictionary<string, string> _addresses = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>Absolute; where relative paths in the file start.</summary>
    public string Directory { get; } = directory;

    public void Add(int line, string key, string problem) => _found.Add((line, $"{fileName}:{line}: {key}: {problem}"));

    /// <returns>Who has the address already, or null.</returns>
    public string? Claim(string address, string key, int line) =>
        _addresses.TryAdd(address, $"{key} in line {line}") ? null : _addresses[address];

    /// <exception cref="ConfigurationException">When there is any problem; in the order of the file.</exception>
    public void ThrowIfAny()
    {
        if (_found.Count > 0)
            throw new ConfigurationException([.. _found.OrderBy(problem => problem.Line).Select(problem => problem.Text)]);
    }
}
