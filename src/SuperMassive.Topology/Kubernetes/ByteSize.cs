using System.Globalization;
using SuperMassive.Server.Configuration;

namespace SuperMassive.Topology.Kubernetes;

/// <summary>Amounts of memory and storage as Kubernetes writes them: whole <c>Mi</c> or <c>Gi</c>.</summary>
internal static class ByteSize
{
    public const long Mebibyte = 1L << 20;

    public const long Gibibyte = 1L << 30;

    private const long MaxBytes = 1L << 50;

    public static OptionKind<long> Kind { get; } = new("a size of at most 1024 Ti with its unit, as 512Mi or 4Gi", Read, Text);

    /// <param name="bytes">Whole mebibytes.</param>
    public static string Text(long bytes) => bytes % Gibibyte == 0
        ? string.Create(CultureInfo.InvariantCulture, $"{bytes / Gibibyte}Gi")
        : string.Create(CultureInfo.InvariantCulture, $"{bytes / Mebibyte}Mi");

    private static string? Read(string text, out long bytes)
    {
        bytes = 0;
        var unit = text.EndsWith("Gi", StringComparison.Ordinal) ? Gibibyte : text.EndsWith("Mi", StringComparison.Ordinal) ? Mebibyte : 0;
        if (unit == 0)
            return $"\"{text}\" has no unit";
        if (!long.TryParse(text.AsSpan(0, text.Length - 2), NumberStyles.None, CultureInfo.InvariantCulture, out var count))
            return $"\"{text}\" is not a size";
        if (count < 1 || count > MaxBytes / unit)
            return $"{text} is out of range";
        bytes = count * unit;
        return null;
    }
}
