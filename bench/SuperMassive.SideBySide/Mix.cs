namespace SuperMassive.SideBySide;

/// <summary>Which commands a load consists of, as shares of 1.</summary>
/// <param name="KeyBytes">Other lengths are other keys.</param>
/// <param name="Preload">Whether every key is written before.</param>
internal sealed record Mix(string Title, double Get, double Put, double Delete, int KeyBytes = 16, bool Preload = true)
{
    public static readonly Mix Standard = new("80 % GET, 20 % PUT", 0.8, 0.2, 0);
}
