namespace SuperMassive.AppHost.Processes;

/// <summary>What a process's threads are doing: a signal that stops the process reaches them one by one, after kill returned.</summary>
internal static class ThreadStates
{
    private const char StoppedBySignal = 'T';

    /// <summary>Whether every thread stands still; taken for true on systems that do not tell, and of a process that is gone.</summary>
    public static bool AreAllStopped(int processId)
    {
        var threads = $"/proc/{processId}/task";
        try
        {
            return !Directory.Exists(threads) || Directory.EnumerateDirectories(threads).All(thread => StateOf(thread) == StoppedBySignal);
        }
        catch (IOException)
        {
            return false; // a thread has just ended; the next look is without it
        }
    }

    // the field after the name, which stands in parentheses and may itself contain some
    private static char StateOf(string thread)
    {
        var fields = File.ReadAllText(Path.Combine(thread, "stat"));
        return fields[fields.LastIndexOf(')') + 2];
    }
}
