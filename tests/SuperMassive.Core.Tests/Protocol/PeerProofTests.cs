using System.Security.Cryptography;
using SuperMassive.Core.Protocol;

namespace SuperMassive.Core.Tests.Protocol;

public sealed class PeerProofTests
{
    private static readonly byte[] Key = [.. "shared key"u8];
    private static readonly byte[] NonceDialer = [.. Enumerable.Range(0, PeerProof.NonceBytes).Select(i => (byte)i)];
    private static readonly byte[] NonceAcceptor = [.. Enumerable.Range(100, PeerProof.NonceBytes).Select(i => (byte)i)];

    private static byte[] Proof(byte[] key, ReadOnlySpan<byte> side, ReadOnlySpan<byte> role, byte[] nonceDialer, byte[] nonceAcceptor)
    {
        var proof = new byte[PeerProof.ProofBytes];
        PeerProof.Compute(key, side, role, nonceDialer, nonceAcceptor, proof);
        return proof;
    }

    [Fact]
    public void A_proof_is_the_documented_hmac()
    {
        byte[] message =
        [
            20, 0, 0, 0, .. "SuperMassive NAUTH 1"u8, 6, 0, 0, 0, .. "dialer"u8, 7, 0, 0, 0, .. "cluster"u8,
            32, 0, 0, 0, .. NonceDialer, 32, 0, 0, 0, .. NonceAcceptor,
        ];
        Assert.Equal(HMACSHA256.HashData(Key, message), Proof(Key, PeerProof.Dialer, "cluster"u8, NonceDialer, NonceAcceptor));
    }

    [Fact]
    public void A_proof_holds_for_exactly_what_it_was_made_for()
    {
        var proof = Proof(Key, PeerProof.Dialer, "cluster"u8, NonceDialer, NonceAcceptor);
        bool Holds(byte[] key, ReadOnlySpan<byte> side, ReadOnlySpan<byte> role, byte[] dialer, byte[] acceptor) =>
            PeerProof.Verify(key, side, role, dialer, acceptor, proof);

        Assert.True(Holds(Key, PeerProof.Dialer, "cluster"u8, NonceDialer, NonceAcceptor));
        Assert.False(Holds([.. "shared kez"u8], PeerProof.Dialer, "cluster"u8, NonceDialer, NonceAcceptor));
        Assert.False(Holds(Key, PeerProof.Acceptor, "cluster"u8, NonceDialer, NonceAcceptor));
        Assert.False(Holds(Key, PeerProof.Dialer, "primary"u8, NonceDialer, NonceAcceptor));
        Assert.False(Holds(Key, PeerProof.Dialer, "cluster"u8, NonceAcceptor, NonceDialer));
        Assert.False(Holds(Key, PeerProof.Dialer, "cluster"u8, NonceDialer, NonceDialer));
    }

    [Fact]
    public void Every_bit_and_the_length_of_a_proof_count()
    {
        var proof = Proof(Key, PeerProof.Dialer, "cluster"u8, NonceDialer, NonceAcceptor);
        for (var bit = 0; bit < proof.Length * 8; bit++)
        {
            byte[] changed = [.. proof];
            changed[bit / 8] ^= (byte)(1 << (bit % 8));
            Assert.False(PeerProof.Verify(Key, PeerProof.Dialer, "cluster"u8, NonceDialer, NonceAcceptor, changed));
        }
        Assert.False(PeerProof.Verify(Key, PeerProof.Dialer, "cluster"u8, NonceDialer, NonceAcceptor, proof.AsSpan(0, 31)));
        Assert.False(PeerProof.Verify(Key, PeerProof.Dialer, "cluster"u8, NonceDialer, NonceAcceptor, []));
    }

    [Fact]
    public void Fields_cannot_run_into_each_other() =>
        Assert.NotEqual(
            Proof(Key, "dialer"u8, "xcluster"u8, NonceDialer, NonceAcceptor),
            Proof(Key, "dialerx"u8, "cluster"u8, NonceDialer, NonceAcceptor));

    [Fact]
    public void Hex_is_read_as_it_is_written()
    {
        var hex = new byte[PeerProof.HexBytes];
        PeerProof.WriteHex(NonceDialer, hex);
        Assert.Equal(Convert.ToHexStringLower(NonceDialer), System.Text.Encoding.ASCII.GetString(hex));
        var read = new byte[PeerProof.NonceBytes];
        Assert.True(PeerProof.TryReadHex(hex, read));
        Assert.Equal(NonceDialer, read);
        Assert.False(PeerProof.TryReadHex(hex.AsSpan(1), read));
        Assert.False(PeerProof.TryReadHex([.. hex, .. "00"u8], read));
        hex[63] = (byte)'g';
        Assert.False(PeerProof.TryReadHex(hex, read));
    }
}
