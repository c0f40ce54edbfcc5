using YamlDotNet.Core;
using YamlDotNet.Serialization;

namespace SuperMassive.Cli.Connecting;

/// <summary>
/// The credentials a local topology made for itself, in <c>secrets</c> of its data folder: YAML, one <c>key: value</c> per line.
/// </summary>
internal sealed record LocalSecrets(string Username, string Password)
{
    private const string FileName = "secrets";

    /// <summary>Null when the folder holds none and none is required.</summary>
    /// <exception cref="IOException">It cannot be read.</exception>
    /// <exception cref="FormatException">It is no such file, or username or password is missing in it.</exception>
    public static LocalSecrets? Read(string dataFolder, bool isRequired)
    {
        var path = Path.Combine(dataFolder, FileName);
        if (!isRequired && !File.Exists(path))
            return null;
        var values = Parse(path);
        return new LocalSecrets(Value(values, "username", path), Value(values, "password", path));
    }

    private static Dictionary<string, string?> Parse(string path)
    {
        try
        {
            return new Deserializer().Deserialize<Dictionary<string, string?>?>(File.ReadAllText(path)) ?? [];
        }
        catch (YamlException e)
        {
            // the position, and not the message, which may quote a secret
            throw new FormatException($"'{path}' line {e.Start.Line}: expected 'key: value'");
        }
    }

    private static string Value(Dictionary<string, string?> values, string key, string path) =>
        values.TryGetValue(key, out var value) && !string.IsNullOrEmpty(value)
            ? value
            : throw new FormatException($"'{path}' has no '{key}'");

    /// <summary>Says that there is something, not what.</summary>
    public override string ToString() => $"{nameof(LocalSecrets)} of {Username}";
}
