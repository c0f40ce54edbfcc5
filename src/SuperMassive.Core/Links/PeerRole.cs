namespace SuperMassive.Core.Links;

/// <summary>Who is dialling. The role is part of what both sides prove, so that a link cannot be used for another purpose.</summary>
public enum PeerRole : byte
{
    None,
    Cluster,
    Primary,
}

internal static class PeerRoleNames
{
    public static ReadOnlySpan<byte> NameOf(PeerRole role) => role switch
    {
        PeerRole.Cluster => "cluster"u8,
        PeerRole.Primary => "primary"u8,
        _ => "none"u8,
    };

    public static PeerRole Parse(ReadOnlySpan<byte> name) =>
        name.SequenceEqual("cluster"u8) ? PeerRole.Cluster
        : name.SequenceEqual("primary"u8) ? PeerRole.Primary
        : PeerRole.None;
}
