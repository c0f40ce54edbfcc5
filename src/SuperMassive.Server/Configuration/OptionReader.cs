using YamlDotNet.RepresentationModel;

namespace SuperMassive.Server.Configuration;

/// <summary>Reads a section from YAML's representation model, noting every problem and going on.</summary>
/// <param name="path">The section's own key with a dot behind it; empty for the file.</param>
/// <param name="section">Null when the file has no such section: every value stays as it is.</param>
/// <param name="line">Where the section begins: the line of what is missing in it.</param>
internal sealed class OptionReader(OptionProblems problems, string path, YamlMappingNode? section, int line) : OptionMap
{
    private readonly List<string> _known = [];
    private readonly HashSet<string> _refused = [];

    /// <summary>To be called when every key was asked for.</summary>
    public void RefuseUnknownKeys()
    {
        foreach (var (keyNode, _) in section?.Children ?? Enumerable.Empty<KeyValuePair<YamlNode, YamlNode>>())
        {
            var key = keyNode is YamlScalarNode { Value: { } text } ? text : "?";
            if (_known.Contains(key))
                continue;
            var nearest = NearestKey.Of(key, _known);
            problems.Add(LineOf(keyNode), path + key,
                nearest is null ? $"unknown key; expected {string.Join(", ", _known)}" : $"unknown key; expected {nearest}");
        }
    }

    public override T Value<T>(string key, OptionKind<T> kind, T value)
    {
        if (Find(key) is not { } node)
            return value;
        if (node is not YamlScalarNode scalar)
            return Refuse(key, LineOf(node), $"is a {Shape(node)}; expected {kind.Expected}", value);
        return kind.Read(scalar.Value ?? "", out var read) is { } problem
            ? Refuse(key, LineOf(node), $"{problem}; expected {kind.Expected}", value)
            : read;
    }

    public override T Required<T>(string key, OptionKind<T> kind, T value) =>
        Find(key) is null ? Refuse(key, line, $"is missing; expected {kind.Expected}", value) : Value(key, kind, value);

    public override T Optional<T>(string key, OptionKind<T> kind, T value, T standard) => Value(key, kind, value);

    public override string Path(string key, string value, string none)
    {
        var file = Value(key, OptionKinds.File, value);
        return file is "" or "/" ? "" : System.IO.Path.GetFullPath(file, problems.Directory);
    }

    public override T Section<T>(string key, T value, Func<OptionMap, T, T> bind) => Find(key) switch
    {
        null => Bind(new OptionReader(problems, $"{path}{key}.", null, line), value, bind),
        YamlMappingNode mapping => Bind(new OptionReader(problems, $"{path}{key}.", mapping, LineOfKey(key)), value, bind),
        var node when IsNothing(node) => Bind(new OptionReader(problems, $"{path}{key}.", null, LineOf(node)), value, bind),
        var node => Refuse(key, LineOf(node), $"is a {Shape(node)}; expected a section with keys of its own", value),
    };

    public override T OptionalSection<T>(string key, T value, T standard, Func<OptionMap, T, T> bind) => Section(key, value, bind);

    public override IReadOnlyList<T> List<T>(string key, IReadOnlyList<T> value, T item, Func<OptionMap, T, T> bind)
    {
        var node = Find(key);
        if (node is null || IsNothing(node))
            return value;
        if (node is not YamlSequenceNode sequence)
            return Refuse(key, LineOf(node), $"is a {Shape(node)}; expected a list", value);

        var items = new List<T>(sequence.Children.Count);
        foreach (var child in sequence.Children)
        {
            var itemKey = $"{key}[{items.Count}]";
            items.Add(child is YamlMappingNode mapping
                ? Bind(new OptionReader(problems, $"{path}{itemKey}.", mapping, LineOf(mapping)), item, bind)
                : Refuse(itemKey, LineOf(child), $"is a {Shape(child)}; expected a section with keys of its own", item));
        }
        return items;
    }

    public override void Check(string key, Func<string?> problemOf)
    {
        if (!_refused.Contains(key) && problemOf() is { } problem)
            Refuse(key, LineOfKey(key), problem, 0);
    }

    public override void CheckDistinct(string key, string address) => Check(key, () =>
    {
        if (address.Length == 0 || HostPort.Parse(address).Port == 0)
            return null;
        return problems.Claim(address, path + key, LineOfKey(key)) is { } earlier
            ? $"\"{address}\" is also {earlier}; expected an address of its own"
            : null;
    });

    private static T Bind<T>(OptionReader reader, T value, Func<OptionMap, T, T> bind)
    {
        var bound = bind(reader, value);
        reader.RefuseUnknownKeys();
        return bound;
    }

    private YamlNode? Find(string key)
    {
        if (!_known.Contains(key))
            _known.Add(key);
        return section is not null && section.Children.TryGetValue(new YamlScalarNode(key), out var node) ? node : null;
    }

    private T Refuse<T>(string key, int atLine, string problem, T value)
    {
        _refused.Add(key);
        problems.Add(atLine, path + key, problem);
        return value;
    }

    private int LineOfKey(string key)
    {
        foreach (var (keyNode, _) in section?.Children ?? Enumerable.Empty<KeyValuePair<YamlNode, YamlNode>>())
        {
            if (keyNode is YamlScalarNode { Value: { } text } && text == key)
                return LineOf(keyNode);
        }
        return line;
    }

    private static int LineOf(YamlNode node) => (int)node.Start.Line;

    private static bool IsNothing(YamlNode node) => node is YamlScalarNode { Value: null or "" };

    private static string Shape(YamlNode node) => node switch
    {
        YamlMappingNode => "section",
        YamlSequenceNode => "list",
        _ => "single value",
    };
}
