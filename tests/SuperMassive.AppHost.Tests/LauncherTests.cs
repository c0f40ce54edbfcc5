using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Microsoft.Extensions.Configuration;
using SuperMassive.AppHost.Local;
using SuperMassive.AppHost.Processes;
using SuperMassive.Topology;

namespace SuperMassive.AppHost.Tests;

/// <summary>The launcher's parts that need no topology to run.</summary>
public sealed class LauncherTests
{
    [Fact]
    public void The_command_line_wins_over_the_environment_which_wins_over_the_file()
    {
        var configuration = new ConfigurationBuilder().AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["SuperMassive:Nodes"] = "5",
            ["SuperMassive:HttpPort"] = "7000",
            ["SUPERMASSIVE_HTTP_PORT"] = "8000",
            ["SUPERMASSIVE_REPLICAS"] = "2",
        }).Build();

        var settings = AppHostSettings.Read(["--replicas", "3"], configuration).Value;

        Assert.Equal((5, 3, 8000, 4000), (settings?.Nodes, settings?.Replicas, settings?.HttpPort, settings?.Port));
    }

    [Fact]
    public async Task The_shown_netcat_command_sends_the_credentials_and_then_what_is_typed()
    {
        var secrets = new TopologySecrets("it's me", new string('p', 80), "");
        var command = StartScreen.Netcat(secrets, "localhost", 4000);
        Assert.EndsWith(" | nc -C localhost 4000", command, StringComparison.Ordinal);

        var sent = await ShellAsync(command[..command.IndexOf(" | nc", StringComparison.Ordinal)], typed: "PING\n");

        var credentials = Convert.ToBase64String(Encoding.UTF8.GetBytes($"it's me\\0{secrets.Password}"));
        Assert.Equal($"AUTH {credentials}\nPING\n", sent);
    }

    [Fact]
    public void Names_are_padded_and_coloured_only_for_a_terminal()
    {
        var plain = new StringWriter { NewLine = "\n" };
        new ConsoleLog(plain, ["cluster", "node-1"], isColoured: false).Write(new ProcessLine("node-1", "hello", LogStream.Output));
        Assert.Equal("node-1  | hello\n", plain.ToString());

        var coloured = new StringWriter { NewLine = "\n" };
        new ConsoleLog(coloured, ["cluster", "node-1"], isColoured: true).Write(new ProcessLine("node-1", "hello", LogStream.Error));
        Assert.Equal("\e[32mnode-1  |\e[0m \e[31mhello\e[0m\n", coloured.ToString());
    }

    [Fact]
    public void The_build_records_where_the_services_are()
    {
        foreach (var kind in Enum.GetValues<Server.Configuration.ServiceKind>()) Assert.True(File.Exists(ServiceExecutables.PathOf(kind)));
    }

    [Fact]
    public async Task Statistics_are_read_to_their_empty_line()
    {
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        using var cluster = new TcpListener(IPAddress.Loopback, 0);
        cluster.Start();
        var asked = LineClient.AskAsync("127.0.0.1", ((IPEndPoint)cluster.LocalEndpoint).Port, ("user", "secret"), "STAT", deadline.Token);

        using var client = await cluster.AcceptTcpClientAsync(deadline.Token);
        using var reader = new StreamReader(client.GetStream());
        Assert.Equal($"AUTH {Convert.ToBase64String("user\0secret"u8)}", await reader.ReadLineAsync(deadline.Token));
        client.Client.Send("OK authenticated\r\n"u8);
        Assert.Equal("STAT", await reader.ReadLineAsync(deadline.Token));
        client.Client.Send("OK\r\nCLUSTER localhost:4000\r\n    current_sequence 0\r\n\r\n"u8);

        Assert.Equal(["OK", "CLUSTER localhost:4000", "    current_sequence 0"], (await asked).ReplaceLineEndings("\n").Split('\n'));
    }

    [Theory]
    [InlineData("OK\n    health ok\n    primaries_healthy 2 of 2\nPRIMARY localhost:4001", null)]
    [InlineData("OK\r\n    primaries_healthy 1 of 2\r\n", "1 of 2 primaries are healthy")]
    [InlineData("ERR invalid credentials", "STAT was answered by 'ERR invalid credentials'")]
    public void A_cluster_is_ready_when_all_its_primaries_have_joined(string reply, string? problem) =>
        Assert.Equal(problem, ClusterProbe.ProblemOf(reply));

    [Fact]
    public async Task Waiting_ends_when_it_is_ready_and_when_the_limit_is_over()
    {
        var answers = new Queue<string?>(["starting", "joining", null]);
        Assert.Null(await Topology.Readiness.WaitAsync(_ => Task.FromResult(answers.Dequeue()), TimeSpan.FromSeconds(30), default));
        Assert.Equal("joining", await Topology.Readiness.WaitAsync(_ => Task.FromResult<string?>("joining"),
            TimeSpan.FromMilliseconds(50), default));
    }

    private static async Task<string> ShellAsync(string command, string typed)
    {
        var start = new ProcessStartInfo("sh", ["-c", command]) { RedirectStandardInput = true, RedirectStandardOutput = true };
        using var shell = Process.Start(start)!;
        await shell.StandardInput.WriteAsync(typed);
        shell.StandardInput.Close();
        return await shell.StandardOutput.ReadToEndAsync();
    }
}
