using System.Globalization;

namespace SuperMassive.Simulator.Checking;

/// <summary>What a key may hold, as the sequential model sees it: nothing, a number, or a text by its index.</summary>
public readonly record struct KeyState(KeyState.Holds Kind, decimal Payload)
{
    /// <summary>Whatever is counted with has at most so many decimals: sums are told apart in these units.</summary>
    private const int UnitsPerOne = 100;

    public enum Holds : byte
    {
        Nothing,
        Number,
        Text,
    }

    public static KeyState Absent => default;

    public ulong Hash => (unchecked((ulong)(Int128)(Payload * UnitsPerOne)) * 0x9E3779B97F4A7C15) ^ ((ulong)Kind << 61);

    /// <summary>A value as a state; texts are told apart by their index in <paramref name="texts"/>.</summary>
    public static KeyState Of(string value, Dictionary<string, int> texts)
    {
        if (TryNumber(value, out var number))
            return new KeyState(Holds.Number, number);
        if (!texts.TryGetValue(value, out var index))
            texts.Add(value, index = texts.Count);
        return new KeyState(Holds.Text, index);
    }

    public static bool TryNumber(string? value, out decimal number) =>
        decimal.TryParse(value, NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out number);

    /// <summary>The sum, unless it is beyond what the documentation lets a number be: whole ones have 64 bits.</summary>
    public bool TryAdd(decimal delta, out KeyState sum)
    {
        sum = this with { Payload = Payload + delta };
        return !decimal.IsInteger(Payload) || !decimal.IsInteger(delta) || (IsLong(Payload) && IsLong(sum.Payload));
    }

    private static bool IsLong(decimal number) => number is >= long.MinValue and <= long.MaxValue;
}
