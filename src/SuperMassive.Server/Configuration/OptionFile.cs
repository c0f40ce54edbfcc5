using System.Runtime.CompilerServices;
using System.Text;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

[assembly: InternalsVisibleTo("SuperMassive.Topology")]

namespace SuperMassive.Server.Configuration;

/// <summary>A configuration file: its name, what it says when nobody has written it, and the one declaration of its keys.</summary>
/// <param name="name">Without folder.</param>
/// <param name="header">Comment above a file that is created.</param>
/// <param name="created">What a created file says.</param>
/// <param name="basis">What keys have that a file does not mention.</param>
internal sealed class OptionFile<T>(string name, string header, T created, T basis, Func<OptionMap, T, T> bind)
{
    public string Header => header;

    /// <exception cref="ConfigurationException">The file cannot be read, or something in it is wrong.</exception>
    public T Load(string directory)
    {
        var path = Path.Combine(directory, name);
        try
        {
            return Parse(File.ReadAllText(path), directory);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new ConfigurationException([$"{name}: cannot be read: {exception.Message}"]);
        }
    }

    public T LoadOrCreate(string directory)
    {
        if (!File.Exists(Path.Combine(directory, name)))
        {
            Directory.CreateDirectory(directory);
            AtomicFile.Create(Path.Combine(directory, name), header + Write(created));
        }
        return Load(directory);
    }

    public T Parse(string text, string directory)
    {
        var problems = new OptionProblems(name, Path.GetFullPath(directory));
        var root = ReadRoot(text);
        var section = root as YamlMappingNode;
        if (root is not null && section is null)
            throw new ConfigurationException([$"{name}:{root.Start.Line}: is not a section; expected KEY: VALUE lines"]);

        var reader = new OptionReader(problems, "", section, line: 1);
        var options = bind(reader, basis);
        reader.RefuseUnknownKeys();
        problems.ThrowIfAny();
        return options;
    }

    public string Write(T options)
    {
        var text = new StringBuilder();
        bind(new OptionWriter(text), options);
        return text.ToString();
    }

    /// <returns>Null when the file says nothing.</returns>
    private YamlNode? ReadRoot(string text)
    {
        // a file system that lost power may leave zeroes, which the YAML reader takes for the end of the file
        if (text.IndexOf('\0') is >= 0 and var zero)
            throw new ConfigurationException([$"{name}:{text.AsSpan(0, zero).Count('\n') + 1}: has a zero byte; expected text"]);
        var stream = new YamlStream();
        try
        {
            stream.Load(new StringReader(text));
        }
        catch (YamlException exception)
        {
            throw new ConfigurationException([$"{name}:{exception.Start.Line}: is not YAML: {exception.Message}"]);
        }
        if (stream.Documents.Count > 1)
            throw new ConfigurationException([$"{name}:{stream.Documents[1].RootNode.Start.Line}: has a second document; expected one"]);
        var root = stream.Documents.FirstOrDefault()?.RootNode;
        return root is YamlScalarNode { Value: null or "" } ? null : root;
    }
}
