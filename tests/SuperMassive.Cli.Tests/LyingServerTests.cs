namespace SuperMassive.Cli.Tests;

/// <summary>Each way of answering wrongly must end <c>bench</c> with 1, and be named.</summary>
public sealed class LyingServerTests
{
    private static readonly string[] Counting = ["--readratio", "0.5", "--writeratio", "0", "--deleteratio", "0", "--incrratio", "0.5"];

    [Fact]
    public async Task An_honest_server_is_believed()
    {
        await using var line = new ScriptedServer();
        (await Tool.BenchAsync(line.Address, "--user", "u", "--pass", "p")).Succeeded();
        await using var resp = new ScriptedServer(isResp: true);
        (await Tool.BenchAsync(resp.Address, ["--protocol", "resp", .. Counting])).Succeeded();
    }

    [Fact]
    public async Task A_refused_login_is_no_success()
    {
        await using var server = new ScriptedServer((command, honest) => command[0] == "AUTH" ? "ERR invalid credentials\r\n" : honest);
        (await Tool.BenchAsync(server.Address, "--user", "u", "--pass", "p")).Failed("AUTH was refused: ERR invalid credentials");
    }

    [Fact]
    public async Task Commands_that_are_not_authenticated_are_no_success()
    {
        await using var server = new ScriptedServer((command, honest) => command[0] == "AUTH" ? honest : "ERR not authenticated\r\n");
        (await Tool.BenchAsync(server.Address, "--user", "u", "--pass", "p")).Failed("PUT was refused: ERR not authenticated");
        await using var redis = new ScriptedServer((_, _) => "-NOAUTH Authentication required.\r\n", isResp: true);
        (await Tool.BenchAsync(redis.Address, "--protocol", "resp")).Failed("PUT was refused: NOAUTH Authentication required.");
    }

    [Fact]
    public async Task A_value_of_another_key_is_found()
    {
        var stolen = "";
        await using var server = new ScriptedServer((command, honest) =>
        {
            if (command is ["PUT", "key:000000000007", var value])
                stolen = value;
            return command is ["GET", "key:000000000008"] ? $"key:000000000008 {stolen}\r\n" : honest;
        });
        (await Tool.BenchAsync(server.Address)).Failed("GET key:000000000008: wrong value: one that was never written for this key");
    }

    [Fact]
    public async Task A_value_that_lost_a_byte_is_found()
    {
        await using var server = new ScriptedServer(
            (command, honest) => command is ["GET", "key:000000000003"] && honest.StartsWith("$16", StringComparison.Ordinal)
                ? $"$15\r\n{honest[5..^3]}\r\n"
                : honest,
            isResp: true);
        (await Tool.BenchAsync(server.Address, "--protocol", "resp")).Failed("GET key:000000000003: wrong value");
    }

    [Fact]
    public async Task A_value_that_was_overwritten_is_found()
    {
        Dictionary<string, string> first = [];
        await using var server = new ScriptedServer((command, honest) =>
        {
            if (command[0] == "PUT")
                first.TryAdd(command[1], command[2]);
            return command[0] == "GET" ? $"{command[1]} {first[command[1]]}\r\n" : honest;
        });
        (await Tool.BenchAsync(server.Address, "--deleteratio", "0", "--writeratio", "0.2"))
            .Failed("wrong value: write 1, older than the acknowledged write");
    }

    [Fact]
    public async Task A_key_that_was_written_and_is_missing_is_found()
    {
        await using var server = new ScriptedServer(
            (command, honest) => command is ["GET", "key:000000000011"] ? "ERR key-value not found\r\n" : honest);
        (await Tool.BenchAsync(server.Address, "--deleteratio", "0", "--writeratio", "0.2"))
            .Failed("GET key:000000000011: not found, though its write");
    }

    [Fact]
    public async Task A_key_that_comes_back_after_its_deletion_is_found()
    {
        await using var server = new ScriptedServer((command, honest) => command[0] == "DEL" ? "OK key-value deleted\r\n" : honest);
        Dictionary<string, string> ghosts = [];
        await using var haunted = new ScriptedServer((command, honest) =>
        {
            if (command[0] == "PUT")
                ghosts[command[1]] = command[2];
            return command[0] == "GET" ? $"{command[1]} {ghosts[command[1]]}\r\n" : honest;
        });
        (await Tool.BenchAsync(haunted.Address, "--writeratio", "0.1", "--deleteratio", "0.1")).Failed("older than the acknowledged write");
        (await Tool.BenchAsync(server.Address, "--writeratio", "0", "--deleteratio", "0.2"))
            .Failed("deleted, though it was deleted already");
    }

    [Fact]
    public async Task Errors_are_counted_and_quoted()
    {
        var puts = 0;
        await using var server = new ScriptedServer(
            (command, honest) => command[0] == "PUT" && ++puts > 100 && puts % 10 == 0 ? "ERR out of memory\r\n" : honest);
        (await Tool.BenchAsync(server.Address)).Failed("× PUT: ERR out of memory", "0 wrong", "0 unanswered");
    }

    [Fact]
    public async Task Errors_while_preloading_end_it_before_it_measures()
    {
        await using var server = new ScriptedServer(
            (command, honest) => command[0] == "PUT" ? "ERR no primary nodes available\r\n" : honest);
        (await Tool.BenchAsync(server.Address))
            .Failed("50 errors", "0 operations/s", "ended early, while preloading", "ERR no primary nodes available");
    }

    [Fact]
    public async Task A_closed_connection_leaves_commands_unanswered()
    {
        var gets = 0;
        await using var server = new ScriptedServer((command, honest) => command[0] == "GET" && ++gets > 100 ? null : honest);
        (await Tool.BenchAsync(server.Address)).Failed("a connection was lost with 4 commands unanswered: ");
    }

    [Fact]
    public async Task A_server_that_falls_silent_is_not_waited_for_for_ever()
    {
        var gets = 0;
        await using var server = new ScriptedServer((command, honest) => command[0] == "GET" && ++gets > 100 ? "" : honest);
        (await Tool.BenchAsync(server.Address, "--timeout", "3")).Failed("commands unanswered: no reply within 3000 ms");
    }

    [Fact]
    public async Task A_lost_increment_is_found()
    {
        var counted = 0;
        await using var server = new ScriptedServer(
            (command, honest) => command[0] == "INCR" && ++counted > 200 ? $"{command[1]} 1\r\n" : honest);
        (await Tool.BenchAsync(server.Address, Counting)).Failed("wrong number 1, after");
        await using var forgetful = new ScriptedServer(
            (command, honest) => command is ["GET", "ctr:000000000004"] ? "ctr:000000000004 0\r\n" : honest);
        (await Tool.BenchAsync(forgetful.Address, Counting)).Failed("GET ctr:000000000004: wrong sum 0 of");
    }

    [Fact]
    public async Task A_reply_of_another_command_is_found()
    {
        await using var server = new ScriptedServer((command, honest) => command[0] == "GET" ? "OK key-value written\r\n" : honest);
        (await Tool.BenchAsync(server.Address)).Failed("unexpected reply 'OK key-value written'");
        await using var chatty = new ScriptedServer((command, honest) => command[0] == "GET" ? honest + "OK and more\r\n" : honest);
        (await Tool.BenchAsync(chatty.Address, "--pipeline", "1"))
            .Failed("0 unanswered, 4 connections lost", "it sent what nobody had asked for: 'OK and more");
    }

    [Fact]
    public async Task What_is_no_RESP_is_found()
    {
        await using var server = new ScriptedServer((command, honest) => command[0] == "GET" ? "$x\r\n" : honest, isResp: true);
        (await Tool.BenchAsync(server.Address, "--protocol", "resp")).Failed("is no Resp framing: '$x");
    }

    [Fact]
    public async Task Tls_trusts_only_the_authority_that_was_named()
    {
        using var authority = new SuperMassive.Client.Tests.Support.TestAuthority();
        await using var server = new ScriptedServer(certificate: authority.Issue("localhost"));
        (await Tool.BenchAsync(server.Address, "--tls-ca-cert", authority.PemFile, "--timeout", "60")).Succeeded();
        (await Tool.BenchAsync(server.Address, "--tls")).Failed("cannot connect to");
    }
}
