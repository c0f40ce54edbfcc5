using System.Net.Security;

namespace SuperMassive.Server.Loop;

/// <summary>The certificate with which a listener proves who it is.</summary>
public sealed class TlsServerOptions
{
    internal TlsServerOptions(SslStreamCertificateContext certificate) => Certificate = certificate;

    internal SslStreamCertificateContext Certificate { get; }

    /// <summary>Reads a certificate (followed by its intermediates, if any) and its private key, both PEM.</summary>
    /// <exception cref="InvalidDataException">Names the configuration key, the file and what is wrong with it.</exception>
    public static TlsServerOptions Load(string certFile, string keyFile) => throw new NotImplementedException();
}
