using SuperMassive.Core.Protocol;

namespace SuperMassive.Core.Links;

internal static class HexWriter
{
    /// <summary>A nonce or a proof as it stands on the wire.</summary>
    public static void Bulk(OutputBuffer output, ReadOnlySpan<byte> bytes)
    {
        Span<byte> hex = stackalloc byte[PeerProof.HexBytes];
        PeerProof.WriteHex(bytes, hex);
        RespWriter.Bulk(output, hex);
    }
}
