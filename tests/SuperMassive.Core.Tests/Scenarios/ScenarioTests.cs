namespace SuperMassive.Core.Tests.Scenarios;

/// <summary>Every text file in this folder is a test.</summary>
public sealed class ScenarioTests
{
    private static readonly string Folder = Path.Combine(AppContext.BaseDirectory, "Scenarios");

    public static TheoryData<string> Names =>
        [.. Directory.EnumerateFiles(Folder, "*.txt").Select(file => Path.GetFileNameWithoutExtension(file)).Order(StringComparer.Ordinal)];

    [Theory]
    [MemberData(nameof(Names))]
    public void It_goes_as_written(string name)
    {
        var file = Path.Combine(Folder, name + ".txt");
        Scenario.Run(Path.GetFileName(file), File.ReadLines(file));
    }

    [Theory]
    [InlineData("crush node-1", "f.txt:2: crush node-1", "no such statement")]
    [InlineData("crash node-7", "f.txt:2: crash node-7", "no process is called node-7")]
    [InlineData("restart node-1", "f.txt:2: restart node-1", "node-1 is up")]
    [InlineData("node-1 holds k -> v", "f.txt:2: node-1 holds k -> v", "expected: v\n  came:     nothing")]
    [InlineData("client a: GET k -> k v", "f.txt:2: client a: GET k -> k v", "expected: k v\n  came:     ERR key-value not found")]
    [InlineData("client a: GET k", "f.txt:2: at the end client a was answered: ERR key-value not found", "that no line expects")]
    [InlineData("stat node-1 hats -> 1", "f.txt:2: stat node-1 hats -> 1", "no such field, but:")]
    [InlineData("topology 1 node", "f.txt:2: topology 1 node", "there is a topology already")]
    public void A_failure_names_file_line_and_both_sides(string line, string start, string reason)
    {
        var failure = Assert.Throws<ScenarioException>(() => Scenario.Run("f.txt", ["topology 1 node", line]));
        Assert.StartsWith(start, failure.Message);
        Assert.Contains(reason, failure.Message);
    }
}
