using System.Net;
using System.Net.Sockets;
using SuperMassive.Core;
using SuperMassive.Server.Loop;

namespace SuperMassive.Server.Tests.Loop;

/// <summary>Who is trusted, and what an operator reads when somebody is not.</summary>
public sealed class TlsTests
{
    [Fact]
    public void AnAuthorityThatDidNotIssueTheCertificate()
    {
        using var other = new TestCertificates();
        using var test = new TestLoop(Transport.TlsOnEpoll);
        var reason = LossOf(test, test.Peer with { CaCertFile = other.CaFile });
        AssertBegins($"certificate not trusted: CN=localhost was not issued by the authority in ca-cert-file {other.CaFile}", reason);
    }

    [Fact]
    public void TheSystemsAuthoritiesDoNotKnowIt()
    {
        using var test = new TestLoop(Transport.TlsOnEpoll);
        var reason = LossOf(test, test.Peer with { CaCertFile = "" });
        AssertBegins("certificate not trusted: CN=localhost was not issued by an authority this system trusts", reason);
    }

    [Fact]
    public void AnExpiredCertificate()
    {
        using var expired = new TestCertificates(validFromDays: -30, validDays: 10);
        using var test = new TestLoop(Transport.TlsOnEpoll, certificates: expired);
        Assert.StartsWith("certificate not trusted: CN=localhost is valid from ", LossOf(test, test.Peer), StringComparison.Ordinal);
    }

    [Fact]
    public void ACertificateForAnotherHost()
    {
        using var elsewhere = new TestCertificates(host: "elsewhere");
        using var test = new TestLoop(Transport.TlsOnEpoll, certificates: elsewhere);
        Assert.Equal("certificate not trusted: CN=elsewhere was not issued for localhost", LossOf(test, test.Peer));
    }

    [Fact]
    public void AnAddressInTheCertificateIsAsGoodAsAName()
    {
        using var test = new TestLoop(Transport.TlsOnEpoll);
        var (client, channel) = test.Connect(test.Peer with { Address = $"127.0.0.1:{test.Listener.EndPoint.Port}" });
        test.Send(channel, "one\n"u8.ToArray());
        test.Probe.Until(() => client.Text == "one\n", "it was served");
    }

    [Fact]
    public void AnAuthorityFileThatIsNotThere()
    {
        using var test = new TestLoop(Transport.TlsOnEpoll);
        Assert.Equal("ca-cert-file: /nowhere/ca.pem: no such file", LossOf(test, test.Peer with { CaCertFile = "/nowhere/ca.pem" }));
        var empty = test.Certificates!.Save("empty.pem", "");
        Assert.Equal($"ca-cert-file: {empty}: no certificate in it", LossOf(test, test.Peer with { CaCertFile = empty }));
    }

    [Fact]
    public void APeerThatSpeaksNoTls()
    {
        // it answers nothing at all: an echo of the client's own words is something that TLS has an error for
        using var plain = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        plain.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        plain.Listen();
        using var test = new TestLoop(Transport.Epoll);
        var reason = LossOf(test, new PeerAddress(plain.LocalEndPoint!.ToString()!) { UseTls = true, ConnectTimeoutMs = 300 });
        Assert.Equal("connect timeout", reason);
    }

    [Fact]
    public void AHandshakeThatIsNeverFinishedIsClosed()
    {
        using var test = new TestLoop(Transport.TlsOnEpoll, limits: new Limits { UnauthenticatedMs = 150 });
        using var silent = test.ConnectPlain();
        AssertEnds(silent);
        Assert.Empty(test.Server.Accepted);
        using var chatty = test.ConnectPlain();
        chatty.Send("GET key\r\n"u8);
        AssertEnds(chatty);
        Assert.Empty(test.Server.Accepted);
    }

    [Fact]
    public void CertificatesThatCannotBeUsedAreNamed()
    {
        using var files = new TestCertificates();
        var noPem = files.Save("no.pem", "nothing here");
        Assert.Equal("cert-file: /nowhere/y.pem: no such file", Failure("/nowhere/y.pem", files.KeyFile));
        Assert.Equal("key-file: /nowhere/k.pem: no such file", Failure(files.CertFile, "/nowhere/k.pem"));
        Assert.Equal($"cert-file: {noPem}: no certificate in it", Failure(noPem, files.KeyFile));
        Assert.Equal($"key-file: {noPem}: no private key in it", Failure(files.CertFile, noPem));
        var mismatch = Failure(files.CertFile, files.OtherKeyFile);
        AssertBegins($"key-file: {files.OtherKeyFile}: does not match the certificate in {files.CertFile}", mismatch);
    }

    private static void AssertBegins(string expected, string actual) => Assert.StartsWith(expected, actual, StringComparison.Ordinal);

    private static string Failure(string certFile, string keyFile) =>
        Assert.Throws<InvalidDataException>(() => TlsServerOptions.Load(certFile, keyFile)).Message;

    private static string LossOf(TestLoop test, PeerAddress peer)
    {
        var (client, _) = test.Connect(peer);
        test.Probe.Until(() => client.Losses.Count == 1, "the failure was reported");
        Assert.Equal(0, client.OpenedCount);
        return client.Losses[0];
    }

    /// <summary>Reads until the end, over an alert that may come first.</summary>
    private static void AssertEnds(Socket client)
    {
        var buffer = new byte[100];
        try
        {
            while (client.Receive(buffer) > 0)
            {
            }
        }
        catch (SocketException e) when (e.SocketErrorCode == SocketError.ConnectionReset)
        {
            // an end as well
        }
    }
}
