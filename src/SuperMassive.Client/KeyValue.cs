using System.Text;

namespace SuperMassive.Client;

/// <summary>One pair a scan found.</summary>
public readonly record struct KeyValue(byte[] KeyBytes, byte[] ValueBytes)
{
    /// <summary>The key as UTF-8 text.</summary>
    public string Key => Encoding.UTF8.GetString(KeyBytes);

    /// <summary>The value as UTF-8 text.</summary>
    public string Value => Encoding.UTF8.GetString(ValueBytes);
}
