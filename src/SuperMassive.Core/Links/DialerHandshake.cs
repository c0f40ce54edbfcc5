using SuperMassive.Core.Protocol;

namespace SuperMassive.Core.Links;

internal enum HandshakeStep : byte
{
    /// <summary>More is to come.</summary>
    Pending,

    /// <summary>Both sides have proved the shared key.</summary>
    Done,

    Failed,
}

/// <summary>
/// The dialling side of NAUTH: sends its role and a nonce, checks the acceptor's proof before it gives its own. A peer
/// without the shared key learns nothing that it could replay.
/// </summary>
internal sealed class DialerHandshake(byte[] sharedKey, PeerRole role)
{
    private readonly byte[] _nonce = new byte[PeerProof.NonceBytes];
    private bool _proofSent;

    public string Failure { get; private set; } = "";

    public void Begin(OutputBuffer output, IEffects effects)
    {
        _proofSent = false;
        effects.FillRandom(_nonce);
        RespWriter.Array(output, 3);
        RespWriter.Bulk(output, "NAUTH"u8);
        RespWriter.Bulk(output, PeerRoleNames.NameOf(role));
        HexWriter.Bulk(output, _nonce);
    }

    /// <summary>Takes one reply of the acceptor.</summary>
    public HandshakeStep Received(ReadOnlySpan<byte> bytes, OutputBuffer output, out int consumed)
    {
        var reply = new RespCursor(bytes, 256);
        consumed = 0;
        var step = reply.PeekType() == '-' ? Refused(ref reply) : _proofSent ? Accepted(ref reply) : Prove(ref reply, output);
        if (reply.Status == RespStatus.Incomplete)
            return HandshakeStep.Pending;
        consumed = reply.Consumed;
        return reply.Status == RespStatus.Malformed ? Fail("the peer does not speak this protocol") : step;
    }

    private HandshakeStep Prove(ref RespCursor reply, OutputBuffer output)
    {
        if (!reply.TryArray(out var count) || count != 2
            || !reply.TryBulk(out var nonceHex, out _) || !reply.TryBulk(out var proofHex, out _))
            return reply.Status == RespStatus.Incomplete ? HandshakeStep.Pending : Fail("the peer does not speak this protocol");

        Span<byte> nonce = stackalloc byte[PeerProof.NonceBytes];
        Span<byte> proof = stackalloc byte[PeerProof.ProofBytes];
        var roleName = PeerRoleNames.NameOf(role);
        if (!PeerProof.TryReadHex(nonceHex, nonce) || !PeerProof.TryReadHex(proofHex, proof))
            return Fail("the peer does not speak this protocol");
        if (!PeerProof.Verify(sharedKey, PeerProof.Acceptor, roleName, _nonce, nonce, proof))
            return Fail("it does not know the shared key");

        PeerProof.Compute(sharedKey, PeerProof.Dialer, roleName, _nonce, nonce, proof);
        RespWriter.Array(output, 2);
        RespWriter.Bulk(output, "NAUTH"u8);
        HexWriter.Bulk(output, proof);
        _proofSent = true;
        return HandshakeStep.Pending;
    }

    private HandshakeStep Accepted(ref RespCursor reply) =>
        reply.TryLine('+', out _) ? HandshakeStep.Done
        : reply.Status == RespStatus.Incomplete ? HandshakeStep.Pending
        : Fail("the peer does not speak this protocol");

    private HandshakeStep Refused(ref RespCursor reply) =>
        reply.TryLine('-', out var text) ? Fail(PeerText.Of(text)) : HandshakeStep.Pending;

    private HandshakeStep Fail(string why)
    {
        Failure = why;
        return HandshakeStep.Failed;
    }
}
