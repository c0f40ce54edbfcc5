using System.Diagnostics.CodeAnalysis;

namespace SuperMassive.Core.Storage;

public sealed class KeyPattern
{
    public bool IsTooSlow => throw new NotImplementedException();
    public static bool TryCreate(ReadOnlySpan<byte> pattern, int maxPatternBytes, [NotNullWhen(true)] out KeyPattern? keyPattern, out string error) =>
        throw new NotImplementedException();
    public bool IsMatch(ReadOnlySpan<byte> key) => throw new NotImplementedException();
}
