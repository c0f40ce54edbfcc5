using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace SuperMassive.Server.Tests.Loop;

/// <summary>An authority and a certificate that it issued, as PEM files in a folder of their own.</summary>
internal sealed class TestCertificates : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("supermassive-tls-");

    public TestCertificates(string host = "localhost", int validFromDays = -10, int validDays = 20)
    {
        using var authorityKey = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var authorityRequest = new CertificateRequest("CN=test authority", authorityKey, HashAlgorithmName.SHA256);
        authorityRequest.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        var now = DateTimeOffset.UtcNow;
        using var authority = authorityRequest.CreateSelfSigned(now.AddYears(-1), now.AddYears(1));

        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN={host}", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName(host);
        if (host == "localhost")
            names.AddIpAddress(IPAddress.Loopback);
        request.CertificateExtensions.Add(names.Build());
        var from = now.AddDays(validFromDays);
        using var issued = request.Create(authority, from, from.AddDays(validDays), RandomNumberGenerator.GetBytes(8));

        CaFile = Save("ca.pem", authority.ExportCertificatePem());
        CertFile = Save("cert.pem", issued.ExportCertificatePem());
        KeyFile = Save("key.pem", key.ExportPkcs8PrivateKeyPem());
        using var otherKey = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        OtherKeyFile = Save("other-key.pem", otherKey.ExportPkcs8PrivateKeyPem());
    }

    public string CaFile { get; }

    public string CertFile { get; }

    public string KeyFile { get; }

    public string OtherKeyFile { get; }

    public string Save(string name, string text)
    {
        var path = Path.Combine(_folder.FullName, name);
        File.WriteAllText(path, text);
        return path;
    }

    public void Dispose() => _folder.Delete(recursive: true);
}
