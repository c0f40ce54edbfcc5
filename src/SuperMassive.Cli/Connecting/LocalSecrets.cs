namespace SuperMassive.Cli.Connecting;

/// <summary>
/// The credentials a local topology made for itself, in <c>secrets</c> of its data folder: one <c>key: value</c> per line.
/// </summary>
internal sealed record LocalSecrets(string Username, string Password)
{
    private const string FileName = "secrets";

    /// <summary>Null when the folder holds none and none is required.</summary>
    /// <exception cref="IOException">It cannot be read.</exception>
    /// <exception cref="FormatException">Username or password is missing in it.</exception>
    public static LocalSecrets? Read(string dataFolder, bool isRequired)
    {
        var path = Path.Combine(dataFolder, FileName);
        if (!isRequired && !File.Exists(path))
            return null;
        var values = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var line in File.ReadLines(path))
        {
            var colon = line.IndexOf(':');
            if (colon > 0 && line[0] != '#')
                values[line[..colon].Trim()] = line[(colon + 1)..].Trim();
        }
        return new LocalSecrets(Value(values, "username", path), Value(values, "password", path));
    }

    private static string Value(Dictionary<string, string> values, string key, string path) =>
        values.TryGetValue(key, out var value) && value.Length > 0
            ? value
            : throw new FormatException($"'{path}' has no '{key}'");

    /// <summary>Says that there is something, not what.</summary>
    public override string ToString() => $"{nameof(LocalSecrets)} of {Username}";
}
