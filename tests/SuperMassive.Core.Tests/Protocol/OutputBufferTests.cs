using CsCheck;
using SuperMassive.Core.Protocol;
using static SuperMassive.Core.Tests.Protocol.Reading;

namespace SuperMassive.Core.Tests.Protocol;

public sealed class OutputBufferTests
{
    [Fact]
    public void An_open_buffer_sends_what_was_written()
    {
        var buffer = new OutputBuffer(256);
        buffer.Write("abc"u8);
        Assert.Equal(("abc", 3, 3L), (Text(buffer.Sendable), buffer.PendingBytes, buffer.Written));
        buffer.MarkSent(2);
        Assert.Equal(("c", 1, 3L), (Text(buffer.Sendable), buffer.PendingBytes, buffer.Written));
        Assert.Throws<ArgumentOutOfRangeException>(() => buffer.MarkSent(2));
        buffer.DropUnreleased();
        Assert.Equal("c", Text(buffer.Sendable));
    }

    [Fact]
    public void A_gated_buffer_sends_only_what_was_released()
    {
        var buffer = new OutputBuffer(256) { IsGated = true };
        buffer.Write("one"u8);
        var afterOne = buffer.Written;
        buffer.Write("two"u8);
        Assert.Equal(0, buffer.Sendable.Length);
        buffer.Release(afterOne);
        buffer.Release(1);
        Assert.Equal("one", Text(buffer.Sendable));
        Assert.Throws<ArgumentOutOfRangeException>(() => buffer.MarkSent(4));
        buffer.MarkSent(3);
        buffer.DropUnreleased();
        Assert.Equal((0, 3L), (buffer.PendingBytes, buffer.Written));
        buffer.Write("x"u8);
        buffer.Release(long.MaxValue);
        buffer.Write("y"u8);
        Assert.Equal("x", Text(buffer.Sendable));
    }

    /// <summary>Against a plain string: what is written, released, dropped and sent in any order arrives unchanged.</summary>
    [Fact]
    public void Any_sequence_sends_the_bytes_in_order() =>
        Gen.Select(Gen.Bool, Gen.Select(Gen.Int[0, 4], Gen.Int[0, 700]).Array[1, 60]).Sample(
            (isGated, steps) =>
            {
                var buffer = new OutputBuffer(1) { IsGated = isGated };
                var (written, released, sent, next) = (new List<byte>(), 0, 0, (byte)0);
                foreach (var (kind, amount) in steps)
                {
                    if (kind <= 1)
                    {
                        var bytes = Enumerable.Range(0, amount).Select(_ => next++).ToArray();
                        buffer.Write(bytes);
                        written.AddRange(bytes);
                    }
                    else if (kind == 2)
                    {
                        released = Math.Max(released, Math.Min(amount * 20, written.Count));
                        buffer.Release(amount * 20);
                    }
                    else if (kind == 3)
                    {
                        var count = Math.Min(amount, buffer.Sendable.Length);
                        buffer.MarkSent(count);
                        sent += count;
                    }
                    else if (isGated)
                    {
                        written.RemoveRange(released, written.Count - released);
                        buffer.DropUnreleased();
                    }
                    var sendable = (isGated ? released : written.Count) - sent;
                    Assert.Equal(written.GetRange(sent, sendable), buffer.Sendable.ToArray());
                    Assert.Equal(written.Count, buffer.Written);
                }
            },
            iter: 500);

    [Fact]
    public void One_large_reply_is_not_kept_for_ever()
    {
        var buffer = new OutputBuffer(256);
        buffer.Write(new byte[2 << 20]);
        buffer.MarkSent(2 << 20);
        Assert.InRange(buffer.GetSpan().Length, 1, 4096);
    }
}
