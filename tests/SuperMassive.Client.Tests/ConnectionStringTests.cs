namespace SuperMassive.Client.Tests;

public sealed class ConnectionStringTests
{
    [Fact]
    public void All_parts_are_read_in_any_case_and_order()
    {
        var options = SuperMassiveClientOptions.Parse(
            "username=ada;PASSWORD=\"p;=w\";Endpoint=db.example:4000;UseTls=true;CaCertFile=/etc/ca.pem");
        Assert.Equal(
            new SuperMassiveClientOptions
            {
                Address = "db.example:4000",
                Username = "ada",
                Password = "p;=w",
                UseTls = true,
                CaCertFile = "/etc/ca.pem",
            },
            options);
    }

    [Fact]
    public void What_is_left_out_has_its_default()
    {
        Assert.Equal(new SuperMassiveClientOptions(), SuperMassiveClientOptions.Parse(""));
        Assert.Equal("localhost:4000", SuperMassiveClientOptions.Parse("Username=ada;Password=x=y==").Address);
        Assert.Equal("x=y==", SuperMassiveClientOptions.Parse("Username=ada;Password=x=y==").Password);
    }

    [Theory]
    [InlineData("tcp://localhost:4000", "localhost:4000")]
    [InlineData("[::1]:4000", "[::1]:4000")]
    public void Endpoints_come_in_several_forms(string endpoint, string expected) =>
        Assert.Equal(expected, SuperMassiveClientOptions.Parse($"Endpoint={endpoint}").Address);

    [Theory]
    [InlineData("Endpoint=localhost", "Endpoint")]
    [InlineData("Endpoint=localhost:0", "Endpoint")]
    [InlineData("Endpoint=::1:4000", "Endpoint")]
    [InlineData("Endpoint=localhost:70000", "Endpoint")]
    [InlineData("UseTls=maybe", "maybe")]
    [InlineData("Colour=red", "colour")]
    [InlineData("nonsense", "name=value")]
    public void What_is_wrong_is_named(string text, string expected) =>
        Assert.Contains(expected, Assert.Throws<FormatException>(() => SuperMassiveClientOptions.Parse(text)).Message);

    [Fact]
    public void The_password_is_never_shown()
    {
        Assert.DoesNotContain("hunter2", new SuperMassiveClientOptions { Username = "ada", Password = "hunter2" }.ToString());
        var malformed = Assert.Throws<FormatException>(() => SuperMassiveClientOptions.Parse("Password=hunter2;=\""));
        Assert.DoesNotContain("hunter2", malformed.ToString());
    }
}
