namespace SuperMassive.Simulator.Checking;

/// <param name="Checker">Which promise was broken.</param>
/// <param name="Key">The key it is about, or empty.</param>
public readonly record struct Violation(string Checker, string Key, string What)
{
    public override string ToString() => Key.Length == 0 ? $"{Checker}: {What}" : $"{Checker}: {Key}: {What}";
}
