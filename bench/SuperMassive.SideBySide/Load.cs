namespace SuperMassive.SideBySide;

/// <summary>One row of the matrix; the rest of the load is the same everywhere.</summary>
internal readonly record struct Load(int Connections, int Pipeline)
{
    public const int Keys = 100_000, ValueBytes = 64;

    public static readonly Load[] Matrix = [new(8, 1), new(50, 1), new(8, 16), new(50, 16)];

    public override string ToString() => $"{Connections}×{Pipeline}";
}
