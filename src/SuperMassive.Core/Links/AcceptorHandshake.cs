using SuperMassive.Core.Protocol;

namespace SuperMassive.Core.Links;

/// <summary>The accepting side of NAUTH. The dialler's role is known, and trusted, once both steps succeeded.</summary>
internal sealed class AcceptorHandshake(byte[] sharedKey)
{
    private readonly byte[] _dialerNonce = new byte[PeerProof.NonceBytes];
    private readonly byte[] _nonce = new byte[PeerProof.NonceBytes];
    private PeerRole _claimed;

    public PeerRole Role { get; private set; }

    /// <summary>Handles <c>NAUTH role nonce</c> and <c>NAUTH proof</c>; a reply is written in every case.</summary>
    public HandshakeStep Received(in Command command, OutputBuffer output, IEffects effects) =>
        command.ArgumentCount == 2 ? Challenge(command[0], command[1], output, effects) : Check(command[0], output);

    private HandshakeStep Challenge(ReadOnlySpan<byte> roleName, ReadOnlySpan<byte> nonceHex, OutputBuffer output, IEffects effects)
    {
        _claimed = PeerRoleNames.Parse(roleName);
        if (_claimed == PeerRole.None || !PeerProof.TryReadHex(nonceHex, _dialerNonce))
        {
            _claimed = PeerRole.None;
            RespWriter.Error(output, "ERR NAUTH takes a role and a nonce of 32 bytes in hexadecimal"u8);
            return HandshakeStep.Failed;
        }
        effects.FillRandom(_nonce);
        Span<byte> proof = stackalloc byte[PeerProof.ProofBytes];
        PeerProof.Compute(sharedKey, PeerProof.Acceptor, roleName, _dialerNonce, _nonce, proof);
        RespWriter.Array(output, 2);
        HexWriter.Bulk(output, _nonce);
        HexWriter.Bulk(output, proof);
        return HandshakeStep.Pending;
    }

    private HandshakeStep Check(ReadOnlySpan<byte> proofHex, OutputBuffer output)
    {
        var claimed = _claimed;
        _claimed = PeerRole.None;
        Span<byte> proof = stackalloc byte[PeerProof.ProofBytes];
        if (claimed == PeerRole.None || !PeerProof.TryReadHex(proofHex, proof)
            || !PeerProof.Verify(sharedKey, PeerProof.Dialer, PeerRoleNames.NameOf(claimed), _dialerNonce, _nonce, proof))
        {
            RespWriter.Error(output, "ERR wrong shared key"u8);
            return HandshakeStep.Failed;
        }
        Role = claimed;
        RespWriter.Simple(output, "OK authenticated"u8);
        return HandshakeStep.Done;
    }
}
