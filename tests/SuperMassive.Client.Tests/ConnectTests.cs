using SuperMassive.Client.Tests.Support;

namespace SuperMassive.Client.Tests;

public sealed class ConnectTests
{
    [Fact]
    public async Task Wrong_credentials_are_the_clusters_answer()
    {
        await using var peer = new TestPeer();
        var connecting = SuperMassiveClient.ConnectAsync(peer.OptionsWithCredentials).AsTask();
        var connection = await peer.AcceptAsync();
        await connection.ReadCommandAsync();
        await connection.SendAsync("-ERR invalid credentials\r\n");
        var refused = await Assert.ThrowsAsync<SuperMassiveServerException>(() => connecting.Soon());
        Assert.Equal("ERR invalid credentials", refused.Message);
        Assert.True(await connection.IsClosedByClientAsync());
    }

    [Fact]
    public async Task Nobody_listening_names_the_address()
    {
        await using var peer = new TestPeer();
        peer.StopListening();
        var failure = await Assert.ThrowsAsync<SuperMassiveConnectionException>(() => SuperMassiveClient.ConnectAsync(peer.Options).Soon());
        Assert.Contains(peer.Address, failure.Message);
    }

    [Fact]
    public async Task Tls_trusts_the_authority_that_was_named()
    {
        using var authority = new TestAuthority();
        await using var peer = new TestPeer(authority.Issue("localhost"));
        var options = peer.Options with { Address = $"localhost:{peer.Port}", UseTls = true, CaCertFile = authority.PemFile };
        var (client, connection) = await peer.ConnectAsync(options);
        await using var _ = client;
        var ping = client.PingAsync();
        Assert.Equal(["PING"], await connection.ReadCommandAsync());
        await connection.SendAsync("+OK PONG\r\n");
        await ping.Soon();
    }

    [Theory]
    [InlineData(true, "localhost")]
    [InlineData(false, "elsewhere.example")]
    public async Task Tls_refuses_another_authority_and_another_name(bool isOtherAuthority, string certificateName)
    {
        using var authority = new TestAuthority();
        using var other = new TestAuthority();
        await using var peer = new TestPeer(authority.Issue(certificateName));
        var accepting = peer.AcceptAsync();
        var options = peer.Options with
        {
            Address = $"localhost:{peer.Port}",
            UseTls = true,
            CaCertFile = (isOtherAuthority ? other : authority).PemFile,
        };
        var failure = await Assert.ThrowsAsync<SuperMassiveConnectionException>(() => SuperMassiveClient.ConnectAsync(options).Soon());
        Assert.Contains("TLS", failure.Message);
        await Task.WhenAny(accepting).Soon();
        _ = accepting.Exception;
    }

    [Fact]
    public async Task A_missing_authority_file_is_named()
    {
        await using var peer = new TestPeer();
        var options = peer.Options with { UseTls = true, CaCertFile = "no-such-file.pem" };
        var failure = await Assert.ThrowsAsync<SuperMassiveConnectionException>(() => SuperMassiveClient.ConnectAsync(options).Soon());
        Assert.Contains("no-such-file.pem", failure.Message);
    }
}
