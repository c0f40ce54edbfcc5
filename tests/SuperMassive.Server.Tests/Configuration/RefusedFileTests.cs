using SuperMassive.Server.Configuration;

namespace SuperMassive.Server.Tests.Configuration;

/// <summary>What is wrong with a file is said at once, with file, line, key and what was expected.</summary>
public sealed class RefusedFileTests
{
    private const string Peer = "HOST:PORT or [IPV6]:PORT, with a port from 1 to 65535";
    private const string Listen = "HOST:PORT or [IPV6]:PORT, with a port from 0 to 65535";
    private const string Time = "more than 0 seconds and at most a day, as 5, 5s or 500ms";
    private const string TopKeys =
        "server-config, max-memory-threshold, journal-mode, sync-interval, journal-retention, http-address, limits";

    [Theory]
    // types
    [InlineData("health-check-interval: soon", ".node:1: health-check-interval: \"soon\" is not a time; expected " + Time)]
    [InlineData("health-check-interval: [1]", ".node:1: health-check-interval: is a list; expected " + Time)]
    [InlineData("health-check-interval: {a: 1}", ".node:1: health-check-interval: is a section; expected " + Time)]
    [InlineData("health-check-interval:", ".node:1: health-check-interval: \"\" is not a time; expected " + Time)]
    [InlineData("max-memory-threshold: 7.5",
        ".node:1: max-memory-threshold: \"7.5\" is not a whole number; expected a whole number, 1 to 100")]
    [InlineData("\n\nserver-config:\n    use-tls: yes", ".node:4: server-config.use-tls: \"yes\" is not a flag; expected true or false")]
    [InlineData("server-config: localhost:4001", ".node:1: server-config: is a single value; expected a section with keys of its own")]
    [InlineData("server-config: [1]", ".node:1: server-config: is a list; expected a section with keys of its own")]
    [InlineData("read-replicas: localhost:4002", ".node:1: read-replicas: is a single value; expected a list")]
    [InlineData("read-replicas:\n    server-address: a:1", ".node:2: read-replicas: is a section; expected a list")]
    [InlineData("read-replicas:\n    - localhost:4002",
        ".node:2: read-replicas[0]: is a single value; expected a section with keys of its own")]
    [InlineData("journal-mode: fast", ".node:1: journal-mode: \"fast\" is not known; expected async or written or always")]
    // values
    [InlineData("max-memory-threshold: 0", ".node:1: max-memory-threshold: 0 is out of range; expected a whole number, 1 to 100")]
    [InlineData("max-memory-threshold: 101", ".node:1: max-memory-threshold: 101 is out of range; expected a whole number, 1 to 100")]
    [InlineData("max-memory-threshold: -5", ".node:1: max-memory-threshold: -5 is out of range; expected a whole number, 1 to 100")]
    [InlineData("health-check-interval: 0", ".node:1: health-check-interval: 0 is out of range; expected " + Time)]
    [InlineData("health-check-interval: 86401", ".node:1: health-check-interval: 86401 is out of range; expected " + Time)]
    [InlineData("server-config:\n  read-timeout: -1s", ".node:2: server-config.read-timeout: -1s is out of range; expected " + Time)]
    [InlineData("sync-interval: 128",
        ".node:1: sync-interval: \"128\" has no unit; expected a time with its unit, more than 0 and at most a day, as 128ms or 1s")]
    [InlineData("replica-acks: 1", ".node:1: replica-acks: 1 is out of range; expected at most the number of read-replicas, 0")]
    [InlineData("limits:\n    key-bytes: 0", ".node:2: limits.key-bytes: 0 is out of range; expected a whole number, 1 to 1073741824")]
    // addresses
    [InlineData("server-config:\n  address: localhost", ".node:2: server-config.address: \"localhost\" has no port; expected " + Listen)]
    [InlineData("server-config:\n  address: 'localhost:'",
        ".node:2: server-config.address: \"localhost:\" has no port; expected " + Listen)]
    [InlineData("server-config:\n  address: ':4001'", ".node:2: server-config.address: \":4001\" has no host; expected " + Listen)]
    [InlineData("server-config:\n  address: a b:1", ".node:2: server-config.address: \"a b\" is not a host; expected " + Listen)]
    [InlineData("server-config:\n  address: localhost:65536",
        ".node:2: server-config.address: \"65536\" is not a port; expected " + Listen)]
    [InlineData("server-config:\n  address: localhost:x", ".node:2: server-config.address: \"x\" is not a port; expected " + Listen)]
    [InlineData("server-config:\n  address: ::1:4001",
        ".node:2: server-config.address: \"::1:4001\" has an IPv6 address without brackets, or two ports; expected " + Listen)]
    [InlineData("server-config:\n  address: '[::1:4001'",
        ".node:2: server-config.address: \"[::1:4001\" has no closing bracket; expected " + Listen)]
    [InlineData("server-config:\n  address: '[10.0.0.1]:1'",
        ".node:2: server-config.address: \"10.0.0.1\" is not a host; expected " + Listen)]
    [InlineData("http-address: 8080", ".node:1: http-address: \"8080\" has no port; expected " + Listen + ", or nothing")]
    [InlineData("read-replicas:\n    - server-address: a:0",
        ".node:2: read-replicas[0].server-address: \"0\" is not a port; expected " + Peer)]
    [InlineData("read-replicas:\n    - use-tls: false", ".node:2: read-replicas[0].server-address: is missing; expected " + Peer)]
    [InlineData("read-replicas:\n    - server-address: LOCALHOST:4001\nserver-config:\n    address: localhost:4001",
        ".node:2: read-replicas[0].server-address: \"LOCALHOST:4001\" is also server-config.address in line 4; "
            + "expected an address of its own")]
    [InlineData("http-address: a:1\nread-replicas:\n  - server-address: a:1",
        ".node:1: http-address: \"a:1\" is also read-replicas[0].server-address in line 3; expected an address of its own")]
    // keys
    [InlineData("server-config:\n    adress: localhost:1", ".node:2: server-config.adress: unknown key; expected address")]
    [InlineData("max_memory_threshold: 75", ".node:1: max_memory_threshold: unknown key; expected max-memory-threshold")]
    [InlineData("? [a, b]\n: 1",
        ".node:1: ?: unknown key; expected health-check-interval, max-memory-threshold, server-config, read-replicas, "
        + "journal-mode, sync-interval, journal-retention, replica-acks, http-address, limits")]
    public void A_node(string yaml, string expected) => AssertRefused(() => NodeOptions.Parse(yaml, "/"), expected);

    [Theory]
    [InlineData("", ".cluster:1: node-configs: has no node; expected a list of at least one")]
    [InlineData("read-mode: available\nnode-configs: []", ".cluster:2: node-configs: has no node; expected a list of at least one")]
    [InlineData("\nnode-configs:\n", ".cluster:2: node-configs: has no node; expected a list of at least one")]
    [InlineData("node-configs:\n    - replicas: []", ".cluster:2: node-configs[0].node.server-address: is missing; expected " + Peer)]
    [InlineData("node-configs:\n    - node:\n", ".cluster:2: node-configs[0].node.server-address: is missing; expected " + Peer)]
    [InlineData("node-configs:\n    - node:\n        server-address: a:1\n    - node:\n        server-address: a:1",
        ".cluster:5: node-configs[1].node.server-address: \"a:1\" is also node-configs[0].node.server-address in line 3; "
            + "expected an address of its own")]
    [InlineData("node-configs:\n    - node:\n        server-address: a:1\nread-mode: strong",
        ".cluster:4: read-mode: \"strong\" is not known; expected consistent or available")]
    [InlineData("node-configs:\n    - node:\n        server-address: a:1\nhint-capacity: 0",
        ".cluster:4: hint-capacity: 0 is out of range; expected a whole number, 1 to 1073741824")]
    public void A_cluster(string yaml, string expected) => AssertRefused(() => ClusterOptions.Parse(yaml, "/"), expected);

    [Theory]
    [InlineData("read-replicas: []", ".nodereplica:1: read-replicas: unknown key; expected " + TopKeys)]
    [InlineData("- a", ".nodereplica:1: is not a section; expected KEY: VALUE lines")]
    [InlineData("just text", ".nodereplica:1: is not a section; expected KEY: VALUE lines")]
    [InlineData("max-memory-threshold: 75\n---\nmax-memory-threshold: 50", ".nodereplica:3: has a second document; expected one")]
    [InlineData("max-memory-threshold: 75\n\0\0\0", ".nodereplica:2: has a zero byte; expected text")]
    public void A_replica(string yaml, string expected) => AssertRefused(() => ReplicaOptions.Parse(yaml, "/"), expected);

    [Theory]
    [InlineData("a: 1\nb: [1\n", ".nodereplica:3: is not YAML: ")]
    [InlineData("server-config:\n    address: a:1\n  use-tls: false\n", ".nodereplica:3: is not YAML: ")]
    [InlineData("a: 'open\n\n", ".nodereplica:1: is not YAML: ")]
    [InlineData("server-config:\n\taddress: a:1\n", ".nodereplica:1: is not YAML: ")]
    [InlineData("a: *b\n", ".nodereplica:1: is not YAML: ")]
    [InlineData("max-memory-threshold: 75\n\nmax-memory-threshold: 50\n", ".nodereplica:3: is not YAML: ")]
    public void Text_that_is_not_YAML(string yaml, string expectedStart)
    {
        var problem = Assert.Single(Assert.Throws<ConfigurationException>(() => ReplicaOptions.Parse(yaml, "/")).Problems);
        Assert.StartsWith(expectedStart, problem);
        Assert.True(problem.Length > expectedStart.Length);
    }

    [Fact]
    public void All_problems_are_reported_in_the_order_of_the_file() => AssertRefused(
        () => ClusterOptions.Parse("""
            health-check-interval: 0
            server-config:
                adress: localhost:4000
                read-timeout: ten
            node-configs:
                - node:
                    server-address: localhost
                  replicas:
                    - server-address: localhost:4002
                    - server-address: localhost:4002
                      max-retries: -1
            colour: red
            """, "/"),
        ".cluster:1: health-check-interval: 0 is out of range; expected " + Time,
        ".cluster:3: server-config.adress: unknown key; expected address",
        ".cluster:4: server-config.read-timeout: \"ten\" is not a time; expected " + Time,
        ".cluster:7: node-configs[0].node.server-address: \"localhost\" has no port; expected " + Peer,
        ".cluster:10: node-configs[0].replicas[1].server-address: \"localhost:4002\" is also "
            + "node-configs[0].replicas[0].server-address in line 9; expected an address of its own",
        ".cluster:11: node-configs[0].replicas[1].max-retries: -1 is out of range; expected a whole number, 0 to 1000000",
        ".cluster:12: colour: unknown key; "
            + "expected health-check-interval, server-config, node-configs, read-mode, hint-capacity, scan-timeout, slow-command, "
            + "http-address, limits");

    [Fact]
    public void A_refused_value_causes_no_second_problem() => AssertRefused(
        () => NodeOptions.Parse("server-config:\n  address: x\nread-replicas:\n  - server-address: localhost:4001\n", "/"),
        ".node:2: server-config.address: \"x\" has no port; expected " + Listen);

    [Fact]
    public void Ports_that_the_system_chooses_are_not_the_same() =>
        Assert.Equal("a:0", NodeOptions.Parse("http-address: a:0\nserver-config:\n    address: a:0\n", "/").HttpAddress);

    [Fact]
    public void Files_of_TLS_are_there()
    {
        using var folder = new TemporaryFolder();
        Directory.CreateDirectory(folder.File("folder"));
        AssertRefused(
            () => NodeOptions.Parse("""
                server-config:
                    use-tls: true
                    cert-file: missing.pem
                read-replicas:
                    - server-address: a:1
                      use-tls: true
                      ca-cert-file: folder
                    - server-address: b:1
                      use-tls: true
                """, folder.Path),
            ".node:1: server-config.key-file: is not given; expected a PEM file, because use-tls is true",
            $".node:3: server-config.cert-file: file not found: {folder.File("missing.pem")}; expected a PEM file, because use-tls is true",
            $".node:7: read-replicas[0].ca-cert-file: is a folder: {folder.File("folder")}; expected a PEM file, because use-tls is true");
    }

    [Fact]
    public void Files_of_TLS_are_not_looked_for_when_it_is_off() =>
        Assert.Equal("/x/missing.pem", NodeOptions.Parse("server-config:\n    cert-file: missing.pem\n", "/x").Server.CertFile);

    [Fact]
    public void Files_of_TLS_survive_a_round_trip()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder.File("cert.pem"), "");
        var options = NodeOptions.Parse("server-config:\n  use-tls: true\n  cert-file: cert.pem\n  key-file: cert.pem\n", folder.Path);
        Assert.Equivalent(options, NodeOptions.Parse(options.Write(), "/"), strict: true);
        Assert.True(options.Server.UseTls);
    }

    [Fact]
    public void A_missing_file_is_a_problem()
    {
        using var folder = new TemporaryFolder();
        var problem = Assert.Single(Assert.Throws<ConfigurationException>(() => NodeOptions.Load(folder.Path)).Problems);
        Assert.StartsWith(".node: cannot be read: ", problem);
    }

    private static void AssertRefused(Action load, params string[] expected)
    {
        var exception = Assert.Throws<ConfigurationException>(load);
        Assert.Equal(expected, exception.Problems);
        Assert.Equal(string.Join('\n', expected), exception.Message);
    }
}
