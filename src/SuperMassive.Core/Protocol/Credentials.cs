using System.Buffers;
using System.Buffers.Text;
using System.Security.Cryptography;

namespace SuperMassive.Core.Protocol;

/// <summary>Checks what AUTH was given, in time that does not tell how much of it was right.</summary>
public static class Credentials
{
    /// <summary>
    /// The one-argument form: base64 of user, separator, password. The separator is the two characters <c>\0</c>, as the
    /// published example sends it, or one NUL byte.
    /// </summary>
    public static bool Matches(ReadOnlySpan<byte> argument, ReadOnlySpan<byte> user, ReadOnlySpan<byte> password)
    {
        var decoded = new byte[Base64.GetMaxDecodedFromUtf8Length(argument.Length)];
        var status = Base64.DecodeFromUtf8(argument, decoded, out var consumed, out var written);
        var isBase64 = status == OperationStatus.Done && consumed == argument.Length;

        // whole secrets are compared, not parts, so that neither the user's length nor the separator's place shows
        Span<byte> given = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(decoded.AsSpan(0, written), given);
        return isBase64 & (IsHashOf(given, user, "\\0"u8, password) | IsHashOf(given, user, "\0"u8, password));
    }

    /// <summary>The two-argument form: user and password as they are.</summary>
    public static bool Matches(
        ReadOnlySpan<byte> givenUser, ReadOnlySpan<byte> givenPassword, ReadOnlySpan<byte> user, ReadOnlySpan<byte> password)
    {
        Span<byte> given = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(givenUser, given);
        var isUser = IsHashOf(given, user, default, default);
        SHA256.HashData(givenPassword, given);
        return isUser & IsHashOf(given, password, default, default);
    }

    private static bool IsHashOf(ReadOnlySpan<byte> hash, ReadOnlySpan<byte> first, ReadOnlySpan<byte> second, ReadOnlySpan<byte> third)
    {
        byte[] secret = [.. first, .. second, .. third];
        Span<byte> expected = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(secret, expected);
        CryptographicOperations.ZeroMemory(secret);
        return CryptographicOperations.FixedTimeEquals(hash, expected);
    }
}
