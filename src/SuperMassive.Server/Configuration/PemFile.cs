namespace SuperMassive.Server.Configuration;

/// <summary>Whether a file that TLS needs can be opened; what is in it is found out by who loads it.</summary>
internal static class PemFile
{
    private const string Expected = "expected a PEM file, because use-tls is true";

    /// <param name="path">Absolute; empty for none.</param>
    public static string? ProblemOf(string path, bool isNeeded)
    {
        if (path.Length == 0)
            return isNeeded ? $"is not given; {Expected}" : null;
        if (Directory.Exists(path))
            return $"is a folder: {path}; {Expected}";
        if (!File.Exists(path))
            return $"file not found: {path}; {Expected}";
        try
        {
            using var file = File.OpenRead(path);
            return null;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return $"cannot be read: {exception.Message}; {Expected}";
        }
    }
}
