using SuperMassive.Cli.Connecting;

namespace SuperMassive.Client.Tests;

public sealed class TargetTests : IDisposable
{
    private readonly string _data = Directory.CreateTempSubdirectory("supermassive-data").FullName;
    private readonly Dictionary<string, string> _environment = [];
    private readonly List<string> _asked = [];

    private SuperMassiveClientOptions Resolve(TargetArguments arguments, bool hasTerminal = false) =>
        Target.Resolve(arguments, name => _environment.GetValueOrDefault(name), hasTerminal ? Ask : null);

    private string Ask(string what, bool isSecret)
    {
        _asked.Add($"{what} {(isSecret ? "hidden" : "shown")}");
        return $"asked {what}";
    }

    private void WriteSecrets(string text) => File.WriteAllText(Path.Combine(_data, "secrets"), text);

    [Fact]
    public void The_command_line_wins_over_the_environment()
    {
        _environment["SUPERMASSIVE_USERNAME"] = "env";
        _environment["SUPERMASSIVE_PASSWORD"] = "envpass";
        WriteSecrets("username: local\npassword: localpass\n");
        var given = Resolve(new TargetArguments { Address = "db:1", Username = "me", Password = "p", CaCertFile = "ca.pem" });
        Assert.Equal(("db:1", "me", "p", true), (given.Address, given.Username, given.Password, given.UseTls));
        var environment = Resolve(new TargetArguments { DataFolder = _data });
        Assert.Equal(("localhost:4000", "env", "envpass"), (environment.Address, environment.Username, environment.Password));
    }

    [Fact]
    public void A_local_topologys_secrets_are_used_when_nothing_else_is_given()
    {
        WriteSecrets("# made for this folder\nusername: local\npassword: \"-a: b\"\nshared-key: xyz\n");
        var options = Resolve(new TargetArguments { DataFolder = _data }, hasTerminal: true);
        Assert.Equal(("localhost:4000", "local", "-a: b"), (options.Address, options.Username, options.Password));
        Assert.Empty(_asked);
    }

    [Fact]
    public void A_password_file_gives_its_first_line()
    {
        var path = Path.Combine(_data, "password");
        File.WriteAllText(path, "p w\nsecond\n");
        Assert.Equal("p w", Resolve(new TargetArguments { Username = "me", PasswordFile = path }).Password);
    }

    [Fact]
    public void What_is_missing_is_asked_for_on_a_terminal_only()
    {
        var address = new TargetArguments { Address = "db:1" };
        Assert.Equal(("", ""), (Resolve(address).Username, Resolve(address).Password));
        var asked = Resolve(address with { Username = "me" }, hasTerminal: true);
        Assert.Equal(("me", "asked Password"), (asked.Username, asked.Password));
        Assert.Equal(["Password hidden"], _asked);
        Assert.Contains("no password", Assert.Throws<FormatException>(() => Resolve(address with { Username = "me" })).Message);
    }

    [Fact]
    public void What_is_wrong_is_named()
    {
        Assert.Throws<FileNotFoundException>(() => Resolve(new TargetArguments { DataFolder = _data }));
        WriteSecrets("username: local\npassword: hunter2: x\n");
        var malformed = Assert.Throws<FormatException>(() => Resolve(new TargetArguments { DataFolder = _data }));
        Assert.Contains("line 2", malformed.Message);
        Assert.DoesNotContain("hunter2", malformed.ToString());
        WriteSecrets("username: local\n");
        Assert.Contains("'password'", Assert.Throws<FormatException>(() => Resolve(new TargetArguments { DataFolder = _data })).Message);
    }

    public void Dispose() => Directory.Delete(_data, recursive: true);
}
