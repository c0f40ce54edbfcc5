using System.Globalization;

namespace SuperMassive.Cli.Bench;

/// <summary>Names of one length: <c>key:000000000042</c>, and <c>ctr:…</c> for numbers that are counted.</summary>
internal sealed class KeyFormat(int lengthBytes)
{
    private const int PrefixBytes = 4;

    public int LengthBytes => lengthBytes;

    /// <summary>The shortest names that tell so many keys apart.</summary>
    public static int MinBytes(int keys) => PrefixBytes + (keys - 1).ToString(CultureInfo.InvariantCulture).Length;

    /// <summary>Writes the name into the front of <paramref name="name"/>, all of whose <see cref="LengthBytes"/> it takes.</summary>
    public void Write(Span<byte> name, int index, bool isCounter)
    {
        (isCounter ? "ctr:"u8 : "key:"u8).CopyTo(name);
        var at = lengthBytes;
        for (; index > 0; index /= 10)
            name[--at] = (byte)('0' + index % 10);
        name[PrefixBytes..at].Fill((byte)'0');
    }

    public string Text(int index, bool isCounter)
    {
        var name = new byte[lengthBytes];
        Write(name, index, isCounter);
        return System.Text.Encoding.ASCII.GetString(name);
    }
}
