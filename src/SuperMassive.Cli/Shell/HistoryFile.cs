namespace SuperMassive.Cli.Shell;

/// <summary>Keeps the history between sessions, readable by its owner only: values are data.</summary>
internal sealed class HistoryFile(string path)
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    /// <summary>The user's state folder: <c>$XDG_STATE_HOME</c> or <c>~/.local/state</c>, on Windows the local application data.</summary>
    public static HistoryFile OfUser()
    {
        var folder = Environment.GetEnvironmentVariable("XDG_STATE_HOME");
        if (OperatingSystem.IsWindows())
            folder = Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData);
        else if (!Path.IsPathRooted(folder)) // unset, or relative, which the XDG specification says to ignore
            folder = Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".local", "state");
        return new HistoryFile(Path.Combine(folder!, "supermassive", "history"));
    }

    /// <summary>The lines of earlier sessions, cut to the newest <see cref="CommandHistory.MaxLines"/>.</summary>
    public CommandHistory Load()
    {
        if (!File.Exists(path))
            return new CommandHistory([]);
        var history = new CommandHistory(File.ReadLines(path));
        using var file = Open(FileMode.Create);
        foreach (var line in history.Lines)
            file.WriteLine(line);
        return history;
    }

    public void Append(string line)
    {
        using var file = Open(FileMode.Append);
        file.WriteLine(line);
    }

    private StreamWriter Open(FileMode mode)
    {
        var options = new FileStreamOptions { Mode = mode, Access = FileAccess.Write, Share = FileShare.ReadWrite };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = OwnerOnly;
            Directory.CreateDirectory(Path.GetDirectoryName(path)!, OwnerOnly | UnixFileMode.UserExecute);
            if (File.Exists(path))
                File.SetUnixFileMode(path, OwnerOnly); // a file from elsewhere may be open to all
        }
        else
        {
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        }
        return new StreamWriter(path, options);
    }
}
