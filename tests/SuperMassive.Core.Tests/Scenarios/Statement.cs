using System.Globalization;
using System.Text.RegularExpressions;

namespace SuperMassive.Core.Tests.Scenarios;

/// <summary>A form that a line may have, and what it does. Its named groups are the line's variable parts.</summary>
internal sealed class Statement(string form, Action<Arguments> run)
{
    private readonly Regex _form = new($"^{form}$", RegexOptions.CultureInvariant);

    /// <returns>Whether the step has this form, and was carried out.</returns>
    public bool TryRun(ScenarioStep step)
    {
        if (_form.Match(step.Text) is not { Success: true } match)
            return false;
        run(new Arguments(match, step));
        return true;
    }
}

/// <summary>The variable parts of one line.</summary>
internal readonly struct Arguments(Match match, ScenarioStep step)
{
    public string this[string name] => match.Groups[name].Value;

    /// <summary>What the line says after its arrow, and what is indented below it.</summary>
    public IEnumerable<string> Expected =>
        match.Groups["reply"].Value.Trim() is { Length: > 0 } first ? step.Below.Prepend(first) : step.Below;

    public bool Has(string name) => match.Groups[name].Success;

    public int Number(string name) => int.Parse(match.Groups[name].ValueSpan, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture);

    public string[] List(string name) => match.Groups[name].Value.Split(", ");
}
