using System.Text.RegularExpressions;

namespace SuperMassive.Core.Tests;

/// <summary>
/// docs/promises.md names the test that shows each promise. A test that is renamed or removed must not leave a promise without one.
/// </summary>
public sealed partial class PromisesTests
{
    private static readonly string Root = FindRoot();
    private static readonly string Promises = File.ReadAllText(Path.Combine(Root, "docs", "promises.md"));

    [Fact]
    public void Every_scenario_that_is_named_exists()
    {
        var folder = Path.Combine(Root, "tests", "SuperMassive.Core.Tests", "Scenarios");
        var names = Scenario().Matches(Promises).Select(match => match.Groups[1].Value).ToArray();
        Assert.NotEmpty(names);
        Assert.All(names, name => Assert.True(File.Exists(Path.Combine(folder, name)), name));
    }

    [Fact]
    public void Every_test_that_is_named_exists()
    {
        var source = string.Join('\n', Directory.EnumerateFiles(Path.Combine(Root, "tests"), "*.cs", SearchOption.AllDirectories)
            .Where(file => !file.Contains($"{Path.DirectorySeparatorChar}obj{Path.DirectorySeparatorChar}", StringComparison.Ordinal))
            .Select(File.ReadAllText));
        var declared = Declaration().Matches(source).Select(match => match.Groups[1].Value).ToHashSet();
        var names = Test().Matches(Promises).Select(match => match.Groups[1].Value).ToArray();
        Assert.NotEmpty(names);
        Assert.All(names, name => Assert.Contains(name, declared));
    }

    [Fact]
    public void Every_row_of_what_fails_names_a_test()
    {
        var rows = Promises.Split('\n').SkipWhile(line => !line.StartsWith("| fails |", StringComparison.Ordinal)).Skip(2)
            .TakeWhile(line => line.StartsWith('|')).ToArray();
        Assert.NotEmpty(rows);
        Assert.All(rows, row =>
        {
            var shownBy = row.Split('|')[^2];
            Assert.True(Scenario().IsMatch(shownBy) || Test().IsMatch(shownBy), row);
        });
    }

    private static string FindRoot()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "SuperMassive.sln")))
            folder = folder.Parent;
        return folder?.FullName ?? throw new DirectoryNotFoundException($"no SuperMassive.sln above {AppContext.BaseDirectory}");
    }

    [GeneratedRegex("`([a-z0-9-]+\\.txt)`")]
    private static partial Regex Scenario();

    /// <summary>Methods are sentences with underscores; classes end in Tests.</summary>
    [GeneratedRegex("`([A-Z][a-z]*(?:_[a-z0-9]+)+|[A-Z][A-Za-z]*Tests)`")]
    private static partial Regex Test();

    [GeneratedRegex("(?:class|void|Task) ([A-Z][A-Za-z0-9_]+)[ (\r\n:]")]
    private static partial Regex Declaration();
}
