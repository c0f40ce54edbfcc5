using System.CommandLine;
using SuperMassive.Server.Configuration;

namespace SuperMassive.Topology;

/// <summary>Where settings are looked up, and what was wrong with those that were found.</summary>
internal sealed class SettingSource(ParseResult arguments, Func<string, string?> variables)
{
    public ParseResult Arguments => arguments;

    public Func<string, string?> Variables => variables;

    public List<string> Errors { get; } = [];
}

/// <summary>One setting: <c>--http-port</c> on the command line, <c>SUPERMASSIVE_HTTP_PORT</c> among the variables.</summary>
internal sealed class Setting<T>
{
    private readonly Option<string> _option;
    private readonly OptionKind<T> _kind;
    private readonly string _variable;

    public Setting(string name, OptionKind<T> kind, string description)
    {
        _kind = kind;
        _variable = "SUPERMASSIVE_" + name.ToUpperInvariant().Replace('-', '_');
        _option = new Option<string>($"--{name}") { Description = $"{description} [or {_variable}]", HelpName = "VALUE" };
    }

    public Option Option => _option;

    public T Read(SettingSource source, T standard) => Find(source, out var value) ? value : standard;

    /// <returns>False when it was not given, or was refused: then the source has the error.</returns>
    public bool Find(SettingSource source, out T value)
    {
        var given = source.Arguments.GetValue(_option);
        // an empty variable is how containers say that it is not set
        var text = given ?? (source.Variables(_variable) is { Length: > 0 } variable ? variable : null);
        value = default!;
        if (text is null)
            return false;
        if (_kind.Read(text, out value) is not { } problem)
            return true;
        source.Errors.Add($"{(given is null ? _variable : _option.Name)}: {problem}; expected {_kind.Expected}");
        return false;
    }
}
