using System.Text;

namespace SuperMassive.Core.Tests.Cores;

/// <summary>A client that speaks lines. What it was answered is taken line by line.</summary>
internal sealed class WorldClient(CoreWorld world, string name, string cluster, bool authenticates)
    : WorldProcess(world, name), IStateMachine
{
    private readonly StringBuilder _received = new();
    private Channel? _channel;

    public bool IsDrained => true;

    public bool IsConnected { get; private set; }

    /// <summary>Everything received and not taken yet, lines parted by a vertical bar.</summary>
    public string Replies
    {
        get
        {
            var text = _received.ToString().TrimEnd('\r', '\n').Replace("\r\n", " | ");
            _received.Clear();
            return text;
        }
    }

    public override void Start()
    {
        Core = this;
        _channel = Connect(new PeerAddress(cluster));
        if (!authenticates)
            return;
        Send("AUTH " + Convert.ToBase64String("user\\0password"u8));
        World.Run();
        Assert.Equal("OK authenticated", Replies);
    }

    /// <summary>Sends lines in one piece, and does not wait.</summary>
    public WorldClient Send(params string[] lines)
    {
        foreach (var line in lines)
            _channel!.Output.Write(Encoding.UTF8.GetBytes(line + "\r\n"));
        return this;
    }

    /// <summary>Sends lines, lets the world come to rest, and compares all that was answered.</summary>
    public WorldClient Says(string line, string reply)
    {
        Send(line);
        World.Run();
        Assert.Equal(reply, Replies);
        return this;
    }

    public void BeginBatch(long unixMs, long monotonicMs)
    {
    }

    public void Accepted(Channel channel)
    {
    }

    public void Opened(Channel channel) => IsConnected = true;

    public int Received(Channel channel, ReadOnlySpan<byte> bytes)
    {
        _received.Append(Encoding.UTF8.GetString(bytes));
        return bytes.Length;
    }

    public void Closed(Channel channel, string reason) => IsConnected = false;

    public void EndBatch()
    {
    }

    public void BeginDrain()
    {
    }
}
