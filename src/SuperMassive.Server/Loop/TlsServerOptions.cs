using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace SuperMassive.Server.Loop;

/// <summary>The certificate with which a listener proves who it is.</summary>
public sealed class TlsServerOptions
{
    private TlsServerOptions(SslStreamCertificateContext certificate) => Certificate = certificate;

    internal SslStreamCertificateContext Certificate { get; }

    /// <summary>Reads a certificate (followed by its intermediates, if any) and its private key, both PEM and unencrypted.</summary>
    /// <exception cref="InvalidDataException">Names the configuration key, the file and what is wrong with it.</exception>
    public static TlsServerOptions Load(string certFile, string keyFile)
    {
        var chain = Read("cert-file", certFile, path =>
        {
            var certificates = new X509Certificate2Collection();
            certificates.ImportFromPemFile(path);
            return certificates;
        });
        if (chain.Count == 0)
            throw new InvalidDataException($"cert-file: {certFile}: no certificate in it");
        var leaf = chain[0];
        chain.RemoveAt(0);
        var keyPem = Read("key-file", keyFile, File.ReadAllText);
        return new TlsServerOptions(SslStreamCertificateContext.Create(WithKey(leaf, keyPem, certFile, keyFile), chain, offline: true));
    }

    private static X509Certificate2 WithKey(X509Certificate2 leaf, string keyPem, string certFile, string keyFile)
    {
        if (!keyPem.Contains("PRIVATE KEY-----", StringComparison.Ordinal))
            throw new InvalidDataException($"key-file: {keyFile}: no private key in it");
        if (keyPem.Contains("ENCRYPTED PRIVATE KEY-----", StringComparison.Ordinal))
            throw new InvalidDataException($"key-file: {keyFile}: the key is encrypted; it must not have a password");
        try
        {
            using var withKey = X509Certificate2.CreateFromPem(leaf.ExportCertificatePem(), keyPem);
            // through PKCS#12, because Windows' TLS does not take a key that lives in memory only
            return X509CertificateLoader.LoadPkcs12(withKey.Export(X509ContentType.Pkcs12), null);
        }
        catch (Exception e) when (e is CryptographicException or ArgumentException)
        {
            throw new InvalidDataException(
                $"key-file: {keyFile}: does not match the certificate in {certFile}, or cannot be read: {e.Message}",
                e);
        }
    }

    private static T Read<T>(string key, string path, Func<string, T> read)
    {
        try
        {
            return read(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or CryptographicException or ArgumentException)
        {
            throw new InvalidDataException(PemFile.Describe(key, path, e), e);
        }
    }
}
