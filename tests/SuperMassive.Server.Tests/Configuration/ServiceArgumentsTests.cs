using System.Text;
using SuperMassive.Server.Configuration;

namespace SuperMassive.Server.Tests.Configuration;

/// <summary>Where a service's secrets come from, and what is said when they do not.</summary>
public sealed class ServiceArgumentsTests
{
    private const string Key = "0123456789abcdef";

    [Fact]
    public void Flag_then_file_flag_then_variable_then_file_variable()
    {
        // each step takes the strongest source away
        string[] arguments = ["--shared-key", Key + "-flag", "--shared-key-file", "/file-flag"];
        var variables = new Dictionary<string, string>
        {
            ["SUPERMASSIVE_SHARED_KEY"] = Key + "-variable",
            ["SUPERMASSIVE_SHARED_KEY_FILE"] = "/file-variable",
        };
        Assert.Equal(Key + "-flag", SharedKey(arguments, variables));
        Assert.Equal(Key + "/file-flag", SharedKey(arguments[2..], variables));
        Assert.Equal(Key + "-variable", SharedKey([], variables));
        variables["SUPERMASSIVE_SHARED_KEY"] = "";
        Assert.Equal(Key + "/file-variable", SharedKey([], variables));

        static string SharedKey(string[] arguments, Dictionary<string, string> variables)
        {
            var parsed = Parse(ServiceKind.Node, arguments, variables, path => new SecretFile(Key + path, null, false));
            Assert.NotNull(parsed.Value);
            return Encoding.UTF8.GetString(parsed.Value.Secrets.SharedKey);
        }
    }

    [Fact]
    public void A_cluster_needs_all_three()
    {
        var parsed = Parse(ServiceKind.Cluster, [], []);
        Assert.Null(parsed.Value);
        Assert.Equal(
            [
                "no username; give it by --username, --username-file, SUPERMASSIVE_USERNAME or SUPERMASSIVE_USERNAME_FILE",
                "no password; give it by --password, --password-file, SUPERMASSIVE_PASSWORD or SUPERMASSIVE_PASSWORD_FILE",
                "no shared-key; give it by --shared-key, --shared-key-file, SUPERMASSIVE_SHARED_KEY or SUPERMASSIVE_SHARED_KEY_FILE",
            ],
            parsed.Errors);
    }

    [Theory]
    [InlineData(ServiceKind.Node)]
    [InlineData(ServiceKind.Replica)]
    public void Nodes_and_replicas_need_the_shared_key_only(ServiceKind kind)
    {
        var arguments = Parse(kind, ["--shared-key", Key], []).Value;
        Assert.NotNull(arguments);
        Assert.Empty(arguments.Secrets.Username);
        Assert.Empty(arguments.Secrets.Password);
        Assert.False(arguments.AcceptsLoss);
        Assert.Equal("/srv", arguments.Directory);
        Assert.Equal(["Unrecognized command or argument '--password'.", "Unrecognized command or argument 'p'."],
            Parse(kind, ["--shared-key", Key, "--password", "p"], []).Errors);
    }

    [Fact]
    public void The_directory_is_absolute()
    {
        Assert.Equal("/srv/data/node-1", DirectoryOf("data/node-1"));
        Assert.Equal("/srv", DirectoryOf("/srv"));

        static string? DirectoryOf(string given) =>
            Parse(ServiceKind.Node, ["--shared-key", Key, "--directory", given], []).Value?.Directory;
    }

    [Fact]
    public void Loss_is_accepted_only_when_told_so() =>
        Assert.True(Parse(ServiceKind.Node, ["--shared-key", Key, "--accept-loss"], []).Value?.AcceptsLoss);

    [Theory]
    [InlineData("--shared-key: has 15 characters; expected at least 16", "--shared-key", "0123456789abcde")]
    [InlineData("--shared-key: is empty; expected the shared-key", "--shared-key", "")]
    [InlineData("--shared-key-file: /gone cannot be read: no such file", "--shared-key-file", "/gone")]
    [InlineData("--shared-key-file: /empty: is empty; expected the shared-key", "--shared-key-file", "/empty")]
    [InlineData("--shared-key-file: /short: has 5 characters; expected at least 16", "--shared-key-file", "/short")]
    public void Bad_secrets(string expected, params string[] arguments)
    {
        Assert.Equal([expected], Parse(ServiceKind.Node, arguments, [], Read).Errors);

        static SecretFile Read(string path) => path switch
        {
            "/empty" => new SecretFile("\n", null, false),
            "/short" => new SecretFile("short\n", null, false),
            _ => new SecretFile("", "no such file", false),
        };
    }

    [Theory]
    [InlineData("admin\\0")]
    [InlineData("ad\0min")]
    public void A_username_that_AUTH_cannot_tell_from_its_password(string username) => Assert.Equal(
        ["the username has a NUL or \\0 in it; expected one that AUTH can tell from the password"],
        Parse(ServiceKind.Cluster, ["--username", username, "--password", "p", "--shared-key", Key], []).Errors);

    [Theory]
    [InlineData("0123456789abcdef\n")]
    [InlineData("0123456789abcdef\r\n")]
    [InlineData("0123456789abcdef")]
    public void A_files_last_line_end_is_not_part_of_the_secret(string text) =>
        Assert.Equal(Key, Encoding.UTF8.GetString(FromFile(text, UnixFileMode.UserRead | UnixFileMode.UserWrite).Secrets.SharedKey));

    [Fact]
    public void Only_one_line_end_is_cut_off() =>
        Assert.Equal(Key + " \n", Encoding.UTF8.GetString(FromFile(Key + " \n\n", UnixFileMode.UserRead).Secrets.SharedKey));

    [Fact]
    public void A_file_that_everybody_can_read_is_a_warning()
    {
        if (OperatingSystem.IsWindows())
            return;
        Assert.Empty(FromFile(Key, UnixFileMode.UserRead | UnixFileMode.GroupRead).Warnings);
        var warning = Assert.Single(FromFile(Key, UnixFileMode.UserRead | UnixFileMode.OtherRead).Warnings);
        Assert.Matches("^--shared-key-file: .*key can be read by every user of this machine; chmod o-r would change that$", warning);
    }

    [Fact]
    public void Secrets_are_never_printed()
    {
        var arguments = Parse(ServiceKind.Cluster, ["--username", "ann", "--password", "hush-hush", "--shared-key", Key], []).Value;
        Assert.NotNull(arguments);
        Assert.Equal("ann hush-hush", Encoding.UTF8.GetString([.. arguments.Secrets.Username, (byte)' ', .. arguments.Secrets.Password]));
        Assert.Equal("Secrets { hidden }", arguments.Secrets.ToString());
        Assert.DoesNotContain("hush", arguments.ToString());
        Assert.DoesNotContain("hush", new SecretFile("hush-hush", null, false).ToString());
    }

    [Theory]
    [InlineData("Required argument missing for option: '--directory'.", "--directory")]
    [InlineData("Unrecognized command or argument 'stray'.", "stray")]
    public void Arguments_that_are_none(string expected, params string[] arguments) =>
        Assert.Equal([expected], Parse(ServiceKind.Node, [.. arguments], []).Errors);

    [Fact]
    public void Help_names_every_way()
    {
        var help = ServiceArguments.Help(ServiceKind.Cluster);
        Assert.All(
            ["--directory", "--username", "--username-file", "SUPERMASSIVE_USERNAME_FILE", "--password-file", "--shared-key"],
            name => Assert.Contains(name, help));
        Assert.DoesNotContain("--accept-loss", help);
        Assert.DoesNotContain("--password", ServiceArguments.Help(ServiceKind.Replica));
        var parsed = ServiceArguments.Parse(["--help", "--nonsense"], ServiceKind.Node);
        Assert.Null(parsed.Value);
    }

    private static ServiceArguments FromFile(string text, UnixFileMode mode)
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder.File("key"), text);
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(folder.File("key"), mode);
        var parsed = Parse(ServiceKind.Node, ["--shared-key-file", folder.File("key")], [], SecretFile.Read);
        Assert.NotNull(parsed.Value);
        return parsed.Value;
    }

    private static ParsedArguments<ServiceArguments> Parse(
        ServiceKind kind, string[] arguments, Dictionary<string, string> variables, Func<string, SecretFile>? readFile = null) =>
        ServiceArguments.Parse(arguments, kind, new ArgumentSources
        {
            Environment = name => variables.GetValueOrDefault(name),
            ReadSecretFile = readFile ?? (path => throw new InvalidOperationException($"{path} was not to be read")),
            CurrentDirectory = "/srv",
        });
}
