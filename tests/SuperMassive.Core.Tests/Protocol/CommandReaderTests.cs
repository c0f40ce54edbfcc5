using SuperMassive.Core.Protocol;
using static SuperMassive.Core.Tests.Protocol.Reading;

namespace SuperMassive.Core.Tests.Protocol;

public sealed class CommandReaderTests
{
    [Theory]
    [InlineData("AUTH dXNlclwwcGFzcw==", "Auth [dXNlclwwcGFzcw==]")]
    [InlineData("AUTH user password", "Auth [user] [password]")]
    [InlineData("PING", "Ping")]
    [InlineData("PUT key1 value1", "Put [key1] [value1]")]
    [InlineData("put key some value", "Put [key] [some value]")]
    [InlineData("PUT key  two  spaces ", "Put [key] [ two  spaces ]")]
    [InlineData("PUT key ", "Put [key] []")]
    [InlineData("PUT key a\nb\rc", "Put [key] [a\nb\rc]")]
    [InlineData("PUT key *1", "Put [key] [*1]")]
    [InlineData("SET key a value", "Put [key] [a value]")]
    [InlineData("GET key1", "Get [key1]")]
    [InlineData("gEt KEY", "Get [KEY]")]
    [InlineData("DEL key1", "Del [key1]")]
    [InlineData("INCR key", "Incr [key]")]
    [InlineData("INCR key 1.5", "Incr [key] [1.5]")]
    [InlineData("DECR key", "Decr [key]")]
    [InlineData("DECR key 9", "Decr [key] [9]")]
    [InlineData("INCRBY key 7", "Incr [key] [7]")]
    [InlineData("DECRBY key 7", "Decr [key] [7]")]
    [InlineData("REGX ^key", "Regx [^key]")]
    [InlineData("REGX ^key 0 10", "Regx [^key] [0] [10]")]
    [InlineData("STAT", "Stat")]
    [InlineData("RCNF", "Rcnf")]
    [InlineData("QUIT", "Quit")]
    public void A_line_is_a_command(string line, string expected) => Assert.Equal([$"Line {expected}"], All(line + "\r\n"));

    [Theory]
    [InlineData("Auth [user] [password]", "AUTH", "user", "password")]
    [InlineData("Put [key] []", "PUT", "key", "")]
    [InlineData("Put [k e\r\ny] [v\0\r\n]", "PUT", "k e\r\ny", "v\0\r\n")]
    [InlineData("Put [key] [value]", "set", "key", "value")]
    [InlineData("Get [key]", "GeT", "key")]
    [InlineData("Regx [^a b] [0] [10]", "REGX", "^a b", "0", "10")]
    [InlineData("Stat", "STAT")]
    public void An_array_is_a_command(string expected, params string[] elements) =>
        Assert.Equal([$"Resp {expected}"], All(Resp(elements)));

    [Theory]
    [InlineData("", "None ERR unknown command")]
    [InlineData(" GET k", "None ERR unknown command")]
    [InlineData("HELLO", "None ERR unknown command")]
    [InlineData("GETT k", "None ERR unknown command")]
    [InlineData("JOIN 1 2 3", "None ERR unknown command")]
    [InlineData("PUT", "Put ERR wrong number of arguments for PUT")]
    [InlineData("PUT key", "Put ERR wrong number of arguments for PUT")]
    [InlineData("SET key", "Put ERR wrong number of arguments for SET")]
    [InlineData("PUT  value", "Put ERR empty key")]
    [InlineData("GET", "Get ERR wrong number of arguments for GET")]
    [InlineData("GET ", "Get ERR empty key")]
    [InlineData("GET  k", "Get ERR wrong number of arguments for GET")]
    [InlineData("GET a b", "Get ERR wrong number of arguments for GET")]
    [InlineData("PING ", "Ping ERR wrong number of arguments for PING")]
    [InlineData("REGX", "Regx ERR wrong number of arguments for REGX")]
    [InlineData("REGX a 1", "Regx ERR wrong number of arguments for REGX")]
    [InlineData("REGX a 1 2 3", "Regx ERR wrong number of arguments for REGX")]
    [InlineData("GET 1 2 3 4 5 6 7 8 9 10", "Get ERR wrong number of arguments for GET")]
    public void A_refused_line_keeps_framing(string line, string expected) =>
        Assert.Equal([$"Line {expected}", "Line Ping"], All(line + "\r\nPING\r\n"));

    [Theory]
    [InlineData("None ERR unknown command", "")]
    [InlineData("None ERR unknown command", "HELLO", "3", "SETNAME", "me")]
    [InlineData("Put ERR wrong number of arguments for PUT", "PUT", "key")]
    [InlineData("Put ERR empty key", "PUT", "", "value")]
    [InlineData("Get ERR empty key", "GET", "")]
    [InlineData("Get ERR wrong number of arguments for GET", "GET", "1", "2", "3", "4", "5", "6", "7", "8", "9", "10")]
    [InlineData("Regx ERR wrong number of arguments for REGX", "REGX", "a", "1")]
    public void A_refused_array_keeps_framing(string expected, params string[] elements) =>
        Assert.Equal([$"Resp {expected}", "Line Ping"], All(Resp(elements) + "PING\r\n"));

    [Theory]
    [InlineData("*0\r\n", "invalid array length")]
    [InlineData("*-1\r\n", "invalid array length")]
    [InlineData("*x\r\n", "invalid array length")]
    [InlineData("*\r\n", "invalid array length")]
    [InlineData("*01\r\n", "invalid array length")]
    [InlineData("*1\n", "invalid array length")]
    [InlineData("*1\rx", "invalid array length")]
    [InlineData("*12345678901", "invalid array length")]
    [InlineData("*1025\r\n", "array has too many elements")]
    [InlineData("*9999999999\r\n", "array has too many elements")]
    [InlineData("*1\r\nPING\r\n", "expected a bulk string")]
    [InlineData("*1\r\n:1\r\n", "expected a bulk string")]
    [InlineData("*1\r\n$-1\r\n", "invalid bulk length")]
    [InlineData("*1\r\n$+4\r\nPING\r\n", "invalid bulk length")]
    [InlineData("*1\r\n$ 4\r\nPING\r\n", "invalid bulk length")]
    [InlineData("*1\r\n$12345678901", "invalid bulk length")]
    [InlineData("*1\r\n$4\r\nPINGxx", "expected CRLF after a bulk string")]
    [InlineData("*1\r\n$3\r\nPING\r\n", "expected CRLF after a bulk string")]
    public void Lost_framing_is_fatal_and_stays_so(string input, string expected)
    {
        var reader = new CommandReader(Port.Cluster, new Limits()) { IsAuthenticated = true };
        Assert.Equal([$"FATAL protocol error: {expected}"], InPieces(reader, Bytes(input)));
        Assert.Equal(ReadStatus.Fatal, reader.Read("PING\r\n"u8, out _));
    }

    [Fact]
    public void Framing_lost_within_what_is_passed_over_is_fatal() =>
        Assert.Equal(
            ["Resp None ERR unknown command", "FATAL protocol error: framing lost in a refused command"],
            All("*3\r\n$1\r\nx\r\n$1\r\na\r\nGET k\r\n"));

    [Fact]
    public void Both_framings_mix_on_one_connection() =>
        Assert.Equal(
            ["Line Put [k] [v]", "Resp Get [k]", "Line Get [k]", "Resp Del [k]"],
            All("PUT k v\r\n" + Resp("GET", "k") + "GET k\r\n" + Resp("DEL", "k")));

    [Theory]
    [InlineData(Port.Node, "Put [k] [v] [77]", "PUT", "k", "v", "77")]
    [InlineData(Port.Node, "Put ERR wrong number of arguments for PUT", "PUT", "k", "v")]
    [InlineData(Port.Node, "Add [k] [1] [76] [77]", "ADD", "k", "1", "76", "77")]
    [InlineData(Port.Node, "Scan [1] [^k] [] [100]", "SCAN", "1", "^k", "", "100")]
    [InlineData(Port.Node, "Rcnf [CHECK]", "RCNF", "CHECK")]
    [InlineData(Port.Node, "Tombstones [] [9]", "TOMBSTONES", "", "9")]
    [InlineData(Port.Node, "None ERR unknown command", "PAGES", "1", "x")]
    [InlineData(Port.Replica, "Pages [1040] [x\r\ny]", "PAGES", "1040", "x\r\ny")]
    [InlineData(Port.Replica, "None ERR unknown command", "PUT", "k", "v", "77")]
    public void Each_port_has_its_own_rows(Port port, string expected, params string[] elements) =>
        Assert.Equal([$"Resp {expected}"], All(Resp(elements), port));

    [Fact]
    public void By_line_a_nodes_put_ends_with_the_version() =>
        Assert.Equal(["Line Put [k] [v] [77]"], All("PUT k v 77\r\n", Port.Node));

    [Fact]
    public void A_command_says_what_it_consumed_and_guards_its_arguments()
    {
        var reader = new CommandReader(Port.Cluster, new Limits()) { IsAuthenticated = true };
        Assert.Equal(ReadStatus.Command, reader.Read("GET k\r\nGET"u8, out var command));
        Assert.Equal(7, command.ConsumedBytes);
        Assert.Equal("GET", command.Row.Name);
        var refused = false;
        try
        {
            _ = command[1];
        }
        catch (ArgumentOutOfRangeException)
        {
            refused = true;
        }
        Assert.True(refused);
    }
}
