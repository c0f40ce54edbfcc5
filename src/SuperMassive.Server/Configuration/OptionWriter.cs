using System.Text;
using System.Text.Json;

namespace SuperMassive.Server.Configuration;

/// <summary>Writes a section in the published style: four spaces a level, list items under their key.</summary>
internal sealed class OptionWriter(StringBuilder text, int column = 0, bool isListItem = false) : OptionMap
{
    private const int IndentColumns = 4;
    private bool _isFirstLine = isListItem;

    public override T Value<T>(string key, OptionKind<T> kind, T value)
    {
        Line(key, Quoted(kind.Write(value)));
        return value;
    }

    public override T Required<T>(string key, OptionKind<T> kind, T value) => Value(key, kind, value);

    public override T Optional<T>(string key, OptionKind<T> kind, T value, T standard) =>
        EqualityComparer<T>.Default.Equals(value, standard) ? value : Value(key, kind, value);

    public override string Path(string key, string value, string none)
    {
        Line(key, value.Length > 0 ? Quoted(value) : Quoted(none));
        return value;
    }

    public override T Section<T>(string key, T value, Func<OptionMap, T, T> bind)
    {
        Line(key, "");
        bind(new OptionWriter(text, NextLevel), value);
        return value;
    }

    public override T OptionalSection<T>(string key, T value, T standard, Func<OptionMap, T, T> bind) =>
        EqualityComparer<T>.Default.Equals(value, standard) ? value : Section(key, value, bind);

    public override IReadOnlyList<T> List<T>(string key, IReadOnlyList<T> value, T item, Func<OptionMap, T, T> bind)
    {
        Line(key, value.Count == 0 ? "[]" : "");
        foreach (var element in value)
            bind(new OptionWriter(text, NextLevel + 2, isListItem: true), element);
        return value;
    }

    public override void Check(string key, Func<string?> problemOf)
    {
    }

    public override void CheckDistinct(string key, string address)
    {
    }

    /// <summary>Levels are multiples of four, also below a list item, which stands two columns behind its dash.</summary>
    private int NextLevel => (column / IndentColumns + 1) * IndentColumns;

    private void Line(string key, string value)
    {
        if (_isFirstLine)
            text.Append(' ', column - 2).Append("- ");
        else
            text.Append(' ', column);
        _isFirstLine = false;
        text.Append(key).Append(':');
        if (value.Length > 0)
            text.Append(' ').Append(value);
        text.Append('\n');
    }

    private static string Quoted(string value)
    {
        if (value.Length > 0 && (char.IsAsciiLetterOrDigit(value[0]) || value[0] is '/' or '.') && value[^1] != ':' && value.All(IsPlain))
            return value;
        // a JSON string is a YAML string too
        return JsonSerializer.Serialize(value);
    }

    private static bool IsPlain(char c) => char.IsAsciiLetterOrDigit(c) || c is '/' or '.' or '-' or '_' or ':' or '+' or '=';
}
