using SuperMassive.Core.Protocol;
using static SuperMassive.Core.Tests.Protocol.Reading;

namespace SuperMassive.Core.Tests.Protocol;

/// <summary>In steady state neither reading nor writing makes garbage.</summary>
public sealed class AllocationTests
{
    [Fact]
    public void Reading_commands_allocates_nothing()
    {
        var input = Bytes(
            "PUT key some value\r\nGET key\r\nNOPE\r\nGET\r\n" + Resp("PUT", "k", "v") + Resp("GET", "k") + Resp("HELLO", "3")
            + Resp("GET", new string('x', 21)) + $"GET {new string('x', 50)}\r\n");
        var reader = new CommandReader(Port.Cluster, Small) { IsAuthenticated = true };
        AssertNone(() =>
        {
            var start = 0;
            for (var status = ReadStatus.Command; status is not (ReadStatus.Incomplete or ReadStatus.Fatal);)
            {
                status = reader.Read(input.AsSpan(start), out var command);
                start += command.ConsumedBytes;
            }
            if (start != input.Length)
                throw new InvalidOperationException($"stopped at {start}");
        });
    }

    [Fact]
    public void Writing_replies_and_requests_allocates_nothing()
    {
        var output = new OutputBuffer(4096);
        AssertNone(() =>
        {
            for (var f = Framing.Line; f <= Framing.Resp; f++)
            {
                ReplyWriter.Ok(output, f, "key-value written"u8);
                ReplyWriter.Ok(output, f, "configs reloaded");
                ReplyWriter.OkBare(output, f);
                ReplyWriter.Error(output, f, "bad\r\nvalue"u8);
                ReplyWriter.Error(output, f, "bad\r\nvalue");
                ReplyWriter.KeyValue(output, f, "key"u8, "value"u8);
                ReplyWriter.Missing(output, f);
                ReplyWriter.Deleted(output, f, true);
                ReplyWriter.Counter(output, f, "key"u8, "12"u8);
                ReplyWriter.PairsBegin(output, f, 1);
                ReplyWriter.Pair(output, f, true, "key"u8, "value"u8);
                ReplyWriter.PairsEnd(output, f);
                ReplyWriter.Body(output, f, "CLUSTER\r\n"u8);
            }
            RespWriter.Array(output, 2);
            RespWriter.Bulk(output, "key"u8);
            RespWriter.Bulk(output, long.MinValue);
            RespWriter.Bulk(output, ulong.MaxValue);
            RespWriter.Integer(output, -1L);
            RespWriter.Integer(output, ulong.MaxValue);
            RespWriter.Simple(output, "OK"u8);
            output.MarkSent(output.PendingBytes);
        });
    }

    [Fact]
    public void Reading_replies_allocates_nothing()
    {
        var input = Bytes("*5\r\n$3\r\nkey\r\n$-1\r\n:18446744073709551615\r\n:-5\r\n+OK\r\n");
        AssertNone(() =>
        {
            var cursor = new RespCursor(input, 1024);
            cursor.TryArray(out _);
            cursor.TryBulk(out _, out _);
            cursor.TryBulk(out _, out _);
            cursor.TryUnsigned(out _);
            cursor.TryInteger(out _);
            cursor.TryLine('+', out _);
            if (cursor.Status != RespStatus.Ok || cursor.Consumed != input.Length)
                throw new InvalidOperationException($"{cursor.Status} at {cursor.Consumed}");
        });
    }

    private static void AssertNone(Action action)
    {
        for (var i = 0; i < 100; i++)
            action();
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 10_000; i++)
            action();
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }
}
