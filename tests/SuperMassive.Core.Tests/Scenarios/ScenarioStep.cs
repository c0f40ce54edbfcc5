namespace SuperMassive.Core.Tests.Scenarios;

/// <summary>One statement of a scenario: its line, and what is indented below it.</summary>
internal sealed record ScenarioStep(string Place, string Text, IReadOnlyList<string> Below)
{
    /// <summary>Statements in their order; empty lines and comments (<c>#</c>) are for the reader.</summary>
    /// <exception cref="FormatException">An indented line that belongs to nothing.</exception>
    public static IReadOnlyList<ScenarioStep> Parse(string file, IEnumerable<string> lines)
    {
        var steps = new List<ScenarioStep>();
        List<string>? below = null;
        var number = 0;
        foreach (var line in lines)
        {
            var place = $"{file}:{++number}";
            var text = line.TrimEnd();
            if (text.Length == 0 || text.StartsWith('#'))
            {
                below = null;
                continue;
            }
            if (!char.IsWhiteSpace(text[0]))
                steps.Add(new ScenarioStep(place, text, below = []));
            else if (below is null)
                throw new FormatException($"{place}: an indented line continues a statement, and there is none above it: {text}");
            else
                below.Add(text.Trim());
        }
        return steps;
    }
}
