using System.Text;
using SuperMassive.Cli.Shell;

namespace SuperMassive.Client.Tests.Shell;

public sealed class TerminalOutputTests
{
    [Theory]
    [InlineData("plain [red]text[/] ä", "plain [red]text[/] ä")]
    [InlineData("\e[2Jboo\a\u009b", "\\x1b[2Jboo\\x07\\x9b")]
    public void Control_characters_are_shown_not_obeyed(string text, string expected) =>
        Assert.Equal(expected, TerminalOutput.Visible(Encoding.UTF8.GetBytes(text)));

    [Fact]
    public void Help_tells_of_one_verb_or_all()
    {
        Assert.Equal(Help.Entries.Count, Help.Lines("").Count());
        Assert.StartsWith("GET key", Assert.Single(Help.Lines("get")));
        Assert.Contains("no help", Assert.Single(Help.Lines("frob")));
    }
}
