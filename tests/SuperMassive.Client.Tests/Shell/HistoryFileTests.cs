using SuperMassive.Cli.Shell;

namespace SuperMassive.Client.Tests.Shell;

public sealed class HistoryFileTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("supermassive-history").FullName;

    private string HistoryPath => Path.Combine(_folder, "state", "history");

    [Fact]
    public void Lines_survive_the_session()
    {
        Assert.Empty(new HistoryFile(HistoryPath).Load().Lines);
        new HistoryFile(HistoryPath).Append("GET a");
        new HistoryFile(HistoryPath).Append("PUT ä b");
        Assert.Equal(["GET a", "PUT ä b"], new HistoryFile(HistoryPath).Load().Lines);
    }

    [Fact]
    public void Only_the_owner_may_read_it()
    {
        if (OperatingSystem.IsWindows())
            return; // its profile folder is private already
        new HistoryFile(HistoryPath).Append("GET a");
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(HistoryPath));
        File.SetUnixFileMode(HistoryPath, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.OtherRead);
        new HistoryFile(HistoryPath).Load();
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(HistoryPath));
    }

    [Fact]
    public void Credentials_that_got_into_it_are_taken_out()
    {
        new HistoryFile(HistoryPath).Append("AUTH c2VjcmV0");
        new HistoryFile(HistoryPath).Append("GET a");
        Assert.Equal(["GET a"], new HistoryFile(HistoryPath).Load().Lines);
        Assert.Equal(["GET a"], File.ReadAllLines(HistoryPath));
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);
}
