using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace SuperMassive.Core.Journal;

/// <summary>
/// Names what one start of a primary wrote. Two copies of a journal that agree on the history at an LSN agree on every byte
/// before it. Chosen at random by the primary when it starts.
/// </summary>
public readonly record struct HistoryId(UInt128 Value)
{
    public const int Bytes = 16;

    public static HistoryId Read(ReadOnlySpan<byte> bytes) => new(BinaryPrimitives.ReadUInt128LittleEndian(bytes));

    public void Write(Span<byte> to) => BinaryPrimitives.WriteUInt128LittleEndian(to, Value);

    /// <summary>Reads what <see cref="ToString"/> writes.</summary>
    public static bool TryParse([NotNullWhen(true)] string? text, out HistoryId id)
    {
        var parsed = UInt128.TryParse(text, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var value);
        id = new HistoryId(value);
        return parsed && text!.Length == Bytes * 2;
    }

    /// <summary>32 lower-case hexadecimal digits.</summary>
    public override string ToString() => Value.ToString("x32", CultureInfo.InvariantCulture);
}
