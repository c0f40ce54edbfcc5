namespace SuperMassive.Server.Configuration;

/// <summary>The world that arguments refer to, as functions, so that reading them can be tested without it.</summary>
public sealed record ArgumentSources
{
    /// <summary>An environment variable's value, or null.</summary>
    public Func<string, string?> Environment { get; init; } = System.Environment.GetEnvironmentVariable;

    public Func<string, SecretFile> ReadSecretFile { get; init; } = SecretFile.Read;

    /// <summary>Absolute; where a relative directory starts.</summary>
    public string CurrentDirectory { get; init; } = System.IO.Directory.GetCurrentDirectory();
}

/// <summary>A file that holds one secret.</summary>
/// <param name="Problem">Why it could not be read, or null.</param>
/// <param name="IsReadableByOthers">Whether users who are neither its owner nor in its group may read it.</param>
public sealed record SecretFile(string Text, string? Problem, bool IsReadableByOthers)
{
    public static SecretFile Read(string path)
    {
        try
        {
            var isReadableByOthers = !OperatingSystem.IsWindows() && File.GetUnixFileMode(path).HasFlag(UnixFileMode.OtherRead);
            return new SecretFile(File.ReadAllText(path), null, isReadableByOthers);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return new SecretFile("", exception.Message, false);
        }
    }

    public override string ToString() => "SecretFile { hidden }";
}
