namespace SuperMassive.Server.Journal;

/// <summary>The journal file cannot be used. The message names the file and what to do.</summary>
/// <param name="isDiskFull">The file is as it was before; writing may succeed again when there is space.</param>
public sealed class JournalFileException(string message, Exception? cause = null, bool isDiskFull = false) : IOException(message, cause)
{
    public bool IsDiskFull { get; } = isDiskFull;
}
