namespace SuperMassive.Core.Storage;

public enum CounterResult
{
    Ok,
    NotANumber,
    OutOfRange,
}

public static class Counter
{
    public const int MaxBytes = 40;
    public static CounterResult Add(ReadOnlySpan<byte> value, ReadOnlySpan<byte> delta, bool subtract, Span<byte> destination, out int written) =>
        throw new NotImplementedException();
    public static bool IsNumber(ReadOnlySpan<byte> text) => throw new NotImplementedException();
}
