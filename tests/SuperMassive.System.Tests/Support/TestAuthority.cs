using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace SuperMassive.SystemTests.Support;

/// <summary>A certificate authority that lives as long as a test, and what it issues, as PEM files in a folder.</summary>
internal sealed class TestAuthority : IDisposable
{
    private readonly X509Certificate2 _certificate;

    public TestAuthority(string directory, string name)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        _certificate = request.CreateSelfSigned(DateTimeOffset.UtcNow.AddHours(-1), DateTimeOffset.UtcNow.AddHours(1));
        CaFile = Path.Combine(directory, $"{name}.ca.pem");
        File.WriteAllText(CaFile, _certificate.ExportCertificatePem());
        (CertFile, KeyFile) = (Path.Combine(directory, $"{name}.pem"), Path.Combine(directory, $"{name}.key"));
        Issue();
    }

    public string CaFile { get; }

    /// <summary>Of a server at 127.0.0.1.</summary>
    public string CertFile { get; }

    public string KeyFile { get; }

    public void Dispose() => _certificate.Dispose();

    private void Issue()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=server", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddIpAddress(IPAddress.Loopback);
        names.AddDnsName("localhost");
        request.CertificateExtensions.Add(names.Build());
        using var issued = request.Create(_certificate, DateTimeOffset.UtcNow.AddHours(-1), _certificate.NotAfter, [1, 2, 3, 4]);
        File.WriteAllText(CertFile, issued.ExportCertificatePem());
        File.WriteAllText(KeyFile, key.ExportPkcs8PrivateKeyPem());
    }
}
