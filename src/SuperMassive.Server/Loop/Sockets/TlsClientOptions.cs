using System.Globalization;
using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace SuperMassive.Server.Loop.Sockets;

/// <summary>Whom to trust when connecting, and as whom the peer has to identify itself.</summary>
internal sealed class TlsClientOptions
{
    private readonly string _host;
    private readonly string _caCertFile;
    private readonly X509Certificate2Collection? _authorities;

    private TlsClientOptions(string host, string caCertFile, X509Certificate2Collection? authorities)
    {
        _host = host;
        _caCertFile = caCertFile;
        _authorities = authorities;
    }

    /// <param name="caCertFile">PEM file of the authority; empty: the system's authorities.</param>
    /// <exception cref="ConnectException">Names the configuration key, the file and what is wrong with it.</exception>
    public static TlsClientOptions Load(string host, string caCertFile)
    {
        if (caCertFile.Length == 0)
            return new TlsClientOptions(host, caCertFile, null);
        var authorities = new X509Certificate2Collection();
        try
        {
            authorities.ImportFromPemFile(caCertFile);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or CryptographicException)
        {
            throw new ConnectException(PemFile.Describe("ca-cert-file", caCertFile, e));
        }
        if (authorities.Count == 0)
            throw new ConnectException($"ca-cert-file: {caCertFile}: no certificate in it");
        return new TlsClientOptions(host, caCertFile, authorities);
    }

    /// <exception cref="ConnectException">The peer's certificate is not trusted, or the handshake failed; in words.</exception>
    public async Task<SslStream> HandshakeAsync(Stream stream, CancellationToken cancel)
    {
        string? distrust = null;
        var options = new SslClientAuthenticationOptions
        {
            TargetHost = _host,
            CertificateChainPolicy = ChainPolicy(),
            RemoteCertificateValidationCallback = (_, certificate, chain, errors) =>
                (distrust = Distrust(certificate as X509Certificate2, chain, errors)) is null,
        };
        var tls = new SslStream(stream, leaveInnerStreamOpen: false);
        try
        {
            await tls.AuthenticateAsClientAsync(options, cancel).ConfigureAwait(false);
            return tls;
        }
        catch (Exception e) when (e is AuthenticationException or IOException)
        {
            await tls.DisposeAsync().ConfigureAwait(false);
            var reason = distrust is null ? $"TLS handshake failed: {Reasons.Of(e)}" : $"certificate not trusted: {distrust}";
            throw new ConnectException(reason);
        }
    }

    private X509ChainPolicy ChainPolicy()
    {
        var policy = new X509ChainPolicy { RevocationMode = X509RevocationMode.NoCheck };
        if (_authorities is not null)
        {
            policy.TrustMode = X509ChainTrustMode.CustomRootTrust;
            policy.CustomTrustStore.AddRange(_authorities);
        }
        return policy;
    }

    /// <returns>Null when the certificate is trusted, else the reason.</returns>
    private string? Distrust(X509Certificate2? certificate, X509Chain? chain, SslPolicyErrors errors)
    {
        if (errors == SslPolicyErrors.None)
            return null;
        if (certificate is null)
            return "the peer showed none";
        var status = chain?.ChainStatus ?? [];
        if (Array.Exists(status, s => s.Status == X509ChainStatusFlags.NotTimeValid))
        {
            var (from, until) = (certificate.NotBefore.ToUniversalTime(), certificate.NotAfter.ToUniversalTime());
            return string.Create(CultureInfo.InvariantCulture, $"{certificate.Subject} is valid from {from:u} until {until:u}");
        }
        if (errors.HasFlag(SslPolicyErrors.RemoteCertificateChainErrors))
        {
            var by = _authorities is null ? "an authority this system trusts" : $"the authority in ca-cert-file {_caCertFile}";
            return $"{certificate.Subject} was not issued by {by} ({string.Join(", ", status.Select(s => s.Status))})";
        }
        return $"{certificate.Subject} was not issued for {_host}";
    }
}
