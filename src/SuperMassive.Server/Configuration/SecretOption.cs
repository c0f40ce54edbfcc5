using System.CommandLine;
using System.Text;

namespace SuperMassive.Server.Configuration;

/// <summary>One secret and the four ways to give it.</summary>
internal sealed class SecretOption
{
    private readonly string _name;
    private readonly string _variable;
    private readonly Option<string> _flag;
    private readonly Option<string> _fileFlag;

    /// <param name="name">As in <c>--shared-key</c> and <c>SUPERMASSIVE_SHARED_KEY</c>.</param>
    public SecretOption(string name, string description)
    {
        _name = name;
        _variable = "SUPERMASSIVE_" + name.ToUpperInvariant().Replace('-', '_');
        _flag = new Option<string>($"--{name}")
        {
            Description = $"{description} [or {_variable}; on the command line other users can see it]",
            HelpName = "TEXT",
        };
        _fileFlag = new Option<string>($"--{name}-file")
        {
            Description = $"File with the same, without its last line end [or {_variable}_FILE]",
            HelpName = "FILE",
        };
    }

    public IEnumerable<Option> Flags => [_flag, _fileFlag];

    /// <returns>The secret in UTF-8; empty after an error.</returns>
    public byte[] Read(ParseResult arguments, ArgumentSources sources, int minCharacters, List<string> errors, List<string> warnings)
    {
        var (text, origin) = Find(arguments, sources, errors, warnings);
        if (text is null)
            return [];
        if (text.Length == 0)
            errors.Add($"{origin}: is empty; expected the {_name}");
        else if (text.Length < minCharacters)
            errors.Add($"{origin}: has {text.Length} characters; expected at least {minCharacters}");
        return Encoding.UTF8.GetBytes(text);
    }

    /// <returns>The text and who gave it; no text after an error.</returns>
    private (string? Text, string Origin) Find(ParseResult arguments, ArgumentSources sources, List<string> errors, List<string> warnings)
    {
        if (arguments.GetValue(_flag) is { } given)
            return (given, _flag.Name);
        if (arguments.GetValue(_fileFlag) is { } file)
            return FromFile(file, _fileFlag.Name, sources, errors, warnings);
        // an empty variable is how containers say that it is not set
        if (sources.Environment(_variable) is { Length: > 0 } variable)
            return (variable, _variable);
        if (sources.Environment($"{_variable}_FILE") is { Length: > 0 } fileVariable)
            return FromFile(fileVariable, $"{_variable}_FILE", sources, errors, warnings);
        errors.Add($"no {_name}; give it by {_flag.Name}, {_fileFlag.Name}, {_variable} or {_variable}_FILE");
        return (null, "");
    }

    private static (string? Text, string Origin) FromFile(
        string path, string origin, ArgumentSources sources, List<string> errors, List<string> warnings)
    {
        var file = sources.ReadSecretFile(path);
        if (file.Problem is { } problem)
        {
            errors.Add($"{origin}: {path} cannot be read: {problem}");
            return (null, origin);
        }
        if (file.IsReadableByOthers)
            warnings.Add($"{origin}: {path} can be read by every user of this machine; chmod o-r would change that");
        var text = file.Text.EndsWith("\r\n", StringComparison.Ordinal) ? file.Text[..^2] : file.Text;
        return (text.EndsWith('\n') ? text[..^1] : text, $"{origin}: {path}");
    }
}
