using SuperMassive.Core.Protocol;
using Xunit.Abstractions;
using static SuperMassive.Core.Tests.Protocol.Reading;

namespace SuperMassive.Core.Tests.Protocol;

/// <summary>Nothing that can be sent makes the reader throw, stand still, or depend on how it was cut.</summary>
public sealed class CommandReaderGarbageTests(ITestOutputHelper output)
{
    private const int Cases = 200_000;

    private static readonly byte[][] Fragments =
    [
        .. new[]
        {
            "*", "$", "\r\n", "\r", "\n", " ", "  ", "-1", "0", "1", "3", "12", "13", "64", "2147483647", "9999999999", "99999999999",
            "PUT", "GET", "get k\r\n", "PING\r\n", "*1\r\n", "*2\r\n", "*3\r\n$3\r\nPUT\r\n", "$1\r\nk\r\n", "$4\r\nPING\r\n", "$0\r\n\r\n",
            "REGX ", "SCAN", "PAGES", "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx", "\0", "\u00ff",
        }.Select(Bytes),
    ];

    [Fact]
    public void Random_fragments_never_throw_and_never_stand_still()
    {
        var random = new Random(20_260_101);
        var counts = new int[4];
        var input = new byte[1024];
        for (var i = 0; i < Cases; i++)
        {
            var length = 0;
            for (var parts = random.Next(1, 14); parts > 0; parts--)
            {
                var fragment = Fragments[random.Next(Fragments.Length)];
                fragment.CopyTo(input, length);
                length += fragment.Length;
            }
            Check(random, input.AsSpan(0, length), counts);
        }
        Report(counts);
    }

    [Fact]
    public void Mutated_commands_never_throw_and_never_stand_still()
    {
        var random = new Random(20_260_102);
        var counts = new int[4];
        var valid = Bytes(
            Resp("PUT", "key", "some value") + "PUT key some value\r\n" + Resp("GET", "key")
            + Resp("SCAN", "1", "^k", "", "10") + "GET key\r\n");
        var input = new byte[valid.Length];
        for (var i = 0; i < Cases; i++)
        {
            valid.CopyTo(input, 0);
            for (var changes = random.Next(1, 5); changes > 0; changes--)
                input[random.Next(input.Length)] = random.Next(3) == 0 ? (byte)random.Next(256) : valid[random.Next(valid.Length)];
            Check(random, input, counts);
        }
        Report(counts);
    }

    private void Report(int[] counts)
    {
        output.WriteLine(string.Join(", ", counts.Select((count, status) => $"{(ReadStatus)status} {count}")));
        Assert.All(counts, count => Assert.True(count > 0));
    }

    private static void Check(Random random, ReadOnlySpan<byte> input, int[] counts)
    {
        var port = (Port)random.Next(3);
        var isAuthenticated = random.Next(4) != 0;
        var whole = Digest(new CommandReader(port, Small) { IsAuthenticated = isAuthenticated }, input, input.Length, counts);
        var cut = Digest(new CommandReader(port, Small) { IsAuthenticated = isAuthenticated }, input, random.Next(1, 20), counts);
        if (whole != cut)
            Assert.Fail($"{port}, authenticated {isAuthenticated}: other commands in pieces than in one: {Convert.ToHexString(input)}");
    }

    /// <summary>A hash of all that was found, the input arriving in pieces of this size.</summary>
    private static int Digest(CommandReader reader, ReadOnlySpan<byte> input, int pieceBytes, int[] counts)
    {
        var hash = new HashCode();
        var start = 0;
        for (var end = Math.Min(pieceBytes, input.Length); ; end = Math.Min(end + pieceBytes, input.Length))
        {
            while (true)
            {
                var status = reader.Read(input[start..end], out var command);
                counts[(int)status]++;
                if (command.ConsumedBytes < 0 || command.ConsumedBytes > end - start)
                    Assert.Fail($"consumed {command.ConsumedBytes} of {end - start}: {Convert.ToHexString(input)}");
                start += command.ConsumedBytes;
                if (status == ReadStatus.Incomplete)
                    break;
                if (command.ConsumedBytes == 0)
                    Assert.Fail($"no progress: {Convert.ToHexString(input)}");
                hash.Add(status);
                hash.Add(command.Framing);
                hash.Add(command.Verb);
                hash.AddBytes(command.Error);
                for (var i = 0; status == ReadStatus.Command && i < command.ArgumentCount; i++)
                    hash.AddBytes(command[i]);
                if (status == ReadStatus.Fatal)
                    return hash.ToHashCode();
            }
            if (end == input.Length)
                return hash.ToHashCode();
        }
    }
}
