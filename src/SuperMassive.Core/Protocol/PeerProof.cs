using System.Buffers.Binary;
using System.Security.Cryptography;

namespace SuperMassive.Core.Protocol;

/// <summary>
/// The arithmetic of NAUTH. Either side proves that it knows the shared key by an HMAC-SHA-256 over both sides' nonces, its
/// own side and the role the dialer claims, so that no proof can be replayed, reflected, or used for another role.
/// </summary>
public static class PeerProof
{
    public const int NonceBytes = 32;

    public const int ProofBytes = HMACSHA256.HashSizeInBytes;

    /// <summary>Length of a nonce or a proof on the wire.</summary>
    public const int HexBytes = 2 * NonceBytes;

    /// <summary>The side that listened.</summary>
    public static ReadOnlySpan<byte> Acceptor => "acceptor"u8;

    /// <summary>The side that connected.</summary>
    public static ReadOnlySpan<byte> Dialer => "dialer"u8;

    /// <summary>Keeps these proofs apart from any other use of the same key.</summary>
    private static ReadOnlySpan<byte> Purpose => "SuperMassive NAUTH 1"u8;

    /// <param name="side"><see cref="Acceptor"/> or <see cref="Dialer"/>: who proves.</param>
    /// <param name="role">What the dialer is: cluster, primary.</param>
    /// <param name="proof32">Takes <see cref="ProofBytes"/> bytes.</param>
    public static void Compute(
        ReadOnlySpan<byte> sharedKey,
        ReadOnlySpan<byte> side,
        ReadOnlySpan<byte> role,
        ReadOnlySpan<byte> nonceDialer,
        ReadOnlySpan<byte> nonceAcceptor,
        Span<byte> proof32)
    {
        var noncesBytes = nonceDialer.Length + nonceAcceptor.Length;
        var message = new byte[(5 * sizeof(int)) + Purpose.Length + side.Length + role.Length + noncesBytes];
        var rest = message.AsSpan();
        Append(ref rest, Purpose);
        Append(ref rest, side);
        Append(ref rest, role);
        Append(ref rest, nonceDialer);
        Append(ref rest, nonceAcceptor);
        HMACSHA256.HashData(sharedKey, message, proof32);
    }

    /// <summary>Whether <paramref name="proof"/> is what <see cref="Compute"/> gives; its time tells nothing of the right one.</summary>
    public static bool Verify(
        ReadOnlySpan<byte> sharedKey,
        ReadOnlySpan<byte> side,
        ReadOnlySpan<byte> role,
        ReadOnlySpan<byte> nonceDialer,
        ReadOnlySpan<byte> nonceAcceptor,
        ReadOnlySpan<byte> proof)
    {
        Span<byte> expected = stackalloc byte[ProofBytes];
        Compute(sharedKey, side, role, nonceDialer, nonceAcceptor, expected);
        return CryptographicOperations.FixedTimeEquals(expected, proof);
    }

    /// <summary>Reads a nonce or a proof from its hexadecimal form; false unless it is exactly that.</summary>
    public static bool TryReadHex(ReadOnlySpan<byte> hex, Span<byte> bytes32) =>
        hex.Length == HexBytes
        && Convert.FromHexString(hex, bytes32[..NonceBytes], out _, out var written) == System.Buffers.OperationStatus.Done
        && written == NonceBytes;

    /// <summary>Writes a nonce or a proof in lower-case hexadecimal.</summary>
    public static void WriteHex(ReadOnlySpan<byte> bytes32, Span<byte> hex64)
    {
        if (bytes32.Length != NonceBytes || !Convert.TryToHexStringLower(bytes32, hex64, out _))
            throw new ArgumentException($"{NonceBytes} bytes into {HexBytes}, not {bytes32.Length} into {hex64.Length}", nameof(hex64));
    }

    /// <summary>A field behind its length, so that two fields cannot be taken for a longer and a shorter one.</summary>
    private static void Append(ref Span<byte> rest, ReadOnlySpan<byte> field)
    {
        BinaryPrimitives.WriteInt32LittleEndian(rest, field.Length);
        field.CopyTo(rest[sizeof(int)..]);
        rest = rest[(sizeof(int) + field.Length)..];
    }
}
