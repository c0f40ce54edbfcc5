using SuperMassive.Core;

namespace SuperMassive.Server.Tests.Loop;

/// <summary>
/// A small real machine: answers each line with the same line, and obeys a few that are commands. The channels it holds are
/// for posted actions only.
/// </summary>
internal sealed class LineServer : IStateMachine
{
    private int _depth;

    public Probe Probe { get; } = new();

    public List<Channel> Accepted { get; } = [];

    public List<(Channel Channel, string Reason)> Losses { get; } = [];

    /// <summary>Replies are written, but released only in the batch's end.</summary>
    public bool ReleasesAtEnd { get; init; }

    public bool AnswersAfterEnd { get; init; }

    public int Batches { get; private set; }

    public long LastMonotonicMs { get; private set; }

    public Action? AtEndBatch { get; set; }

    public bool IsDrained => true;

    public void BeginBatch(long unixMs, long monotonicMs)
    {
        Assert.Equal(0, _depth++);
        Assert.True(monotonicMs >= LastMonotonicMs);
        LastMonotonicMs = monotonicMs;
        Probe.Change(() => Batches++);
    }

    public void EndBatch()
    {
        Assert.Equal(0, --_depth);
        AtEndBatch?.Invoke();
        if (ReleasesAtEnd)
        {
            foreach (var channel in Accepted)
                channel.Output.Release(channel.Output.Written);
        }
    }

    void IStateMachine.Accepted(Channel channel)
    {
        InBatch();
        Probe.Change(() => Accepted.Add(channel));
    }

    public void Opened(Channel channel) => Assert.Fail("nobody was connected to");

    public int Received(Channel channel, ReadOnlySpan<byte> bytes)
    {
        InBatch();
        var consumed = 0;
        while (!channel.IsReadingPaused)
        {
            var length = bytes[consumed..].IndexOf((byte)'\n') + 1;
            if (length == 0)
                break;
            var line = bytes.Slice(consumed, length);
            consumed += length;
            if (!Obey(channel, line))
                break;
        }
        return consumed;
    }

    public bool Ended(Channel channel) => AnswersAfterEnd;

    public void Closed(Channel channel, string reason)
    {
        InBatch();
        Probe.Change(() => Losses.Add((channel, reason)));
    }

    public void BeginDrain()
    {
    }

    private void InBatch() => Assert.Equal(1, _depth);

    /// <returns>Whether to read on.</returns>
    private bool Obey(Channel channel, ReadOnlySpan<byte> line)
    {
        if (line.SequenceEqual("CLOSE\n"u8))
        {
            channel.Output.Write("BYE\n"u8);
            channel.Close();
            return false;
        }
        if (line.SequenceEqual("ABORT\n"u8))
        {
            channel.Abort();
            return false;
        }
        if (line.SequenceEqual("THROW\n"u8))
            throw new InvalidOperationException("as asked for");
        if (line.SequenceEqual("PAUSE\n"u8))
            Probe.Change(() => channel.IsReadingPaused = true);
        else if (line.StartsWith("FILL "u8))
            channel.Output.Write(new byte[int.Parse(line[5..^1], System.Globalization.CultureInfo.InvariantCulture)]);
        else
            channel.Output.Write(line);
        return true;
    }
}
