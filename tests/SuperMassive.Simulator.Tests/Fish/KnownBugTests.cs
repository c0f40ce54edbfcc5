using SuperMassive.Simulator.Fish;

namespace SuperMassive.Simulator.Tests.Fish;

public sealed class KnownBugTests
{
    private const string Text = """
        Answers seven.
        Always.

        file a/b.cs
        replace
            return  x
                + 1;
        with
            return 7;
        end
        """;

    [Fact]
    public void A_known_bug_is_read_and_matches_whatever_the_white_space()
    {
        var bug = KnownBug.Parse("seven", Text);
        Assert.Equal("Answers seven. Always.", bug.Prose);
        var edit = Assert.Single(bug.Edits);
        Assert.Equal("a/b.cs", edit.File);
        Assert.Equal("int F()\n{\n    return 7;\n}", edit.Apply("int F()\n{\n    return x + 1;\n}", out _));
    }

    [Theory]
    [InlineData("return y;")]
    [InlineData("return x + 1; return x + 1;")]
    public void An_edit_that_does_not_match_once_is_told(string source)
    {
        Assert.Null(KnownBug.Parse("seven", Text).Edits[0].Apply(source, out var problem));
        Assert.Contains("a/b.cs", problem);
    }

    [Theory]
    [InlineData("only prose")]
    [InlineData("prose\nfile a\nreplace\n    x\nwith\n    y\n")]
    [InlineData("prose\nfile a\nreplace\n    x\nend\n")]
    [InlineData("prose\nfile a\nnonsense\n")]
    public void A_malformed_file_is_told(string text) =>
        Assert.Contains("bad", Assert.Throws<FormatException>(() => KnownBug.Parse("bad", text)).Message);

    /// <summary>Sources move on; a known bug that no longer fits them has to move along.</summary>
    [Fact]
    public void Every_known_bug_fits_the_sources()
    {
        using var workshop = Workshop.Here();
        var bugs = KnownBug.ReadAll(workshop.FishFolder);
        Assert.True(bugs.Count >= 14, $"only {bugs.Count}");
        Assert.All(bugs, bug => Assert.Equal("", workshop.Misfit(bug)));
    }
}
