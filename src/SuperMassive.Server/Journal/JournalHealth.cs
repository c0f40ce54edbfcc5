namespace SuperMassive.Server.Journal;

/// <summary>Whether a journal may still be written, and what is said when its disk refuses.</summary>
internal sealed class JournalHealth
{
    private volatile string? _broken;

    public bool IsBroken => _broken is not null;

    /// <summary>From now on nothing is written or synced: only recovery can tell what the files hold.</summary>
    /// <returns>What to tell the operator.</returns>
    public string Break(string why)
    {
        _broken = why;
        return $"{why}. Check the disk, then restart.";
    }

    /// <exception cref="JournalFileException">It is broken.</exception>
    public void ThrowIfBroken()
    {
        if (_broken is { } why)
            throw new JournalFileException($"{why}, so it is written no more. Check the disk, then restart.");
    }

    /// <param name="what">Completes the sentence "cannot …".</param>
    /// <exception cref="JournalFileException">The disk refused; it names what was to be done.</exception>
    public static void Guard(string what, Action action)
    {
        try
        {
            action();
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new JournalFileException($"cannot {what}: {failure.Message}. Check the disk.", failure);
        }
    }
}
