using System.Globalization;

namespace SuperMassive.Benchmarks.Memory;

/// <summary><c>--keys N</c>, the one option of these commands.</summary>
internal static class KeyOption
{
    /// <returns>Null when the arguments make no sense, which is said then.</returns>
    public static int? Read(string command, string[] args, int standard)
    {
        if (args is [])
            return standard;
        if (args is ["--keys", var text] && int.TryParse(text, CultureInfo.InvariantCulture, out var keys) && keys >= 1_000)
            return keys;
        Console.Error.WriteLine($"usage: {command} [--keys N], N from 1000");
        return null;
    }
}
