using System.Globalization;

namespace SuperMassive.Simulator.Checking;

/// <summary>What a key may hold, as the sequential model sees it: nothing, a number, or a text by its index.</summary>
public readonly record struct KeyState(KeyState.Holds Kind, long Payload)
{
    public enum Holds : byte
    {
        Nothing,
        Number,
        Text,
    }

    public static KeyState Absent => default;

    public ulong Hash => ((ulong)Payload * 0x9E3779B97F4A7C15) ^ ((ulong)Kind << 61);

    /// <summary>A value as a state; texts are told apart by their index in <paramref name="texts"/>.</summary>
    public static KeyState Of(string value, Dictionary<string, int> texts)
    {
        if (long.TryParse(value, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number))
            return new KeyState(Holds.Number, number);
        if (!texts.TryGetValue(value, out var index))
            texts.Add(value, index = texts.Count);
        return new KeyState(Holds.Text, index);
    }
}
