using System.Globalization;
using System.Net;
using System.Text;

namespace SuperMassive.Server.Loop;

/// <summary>Counts connections and turns away what is over the limit.</summary>
internal abstract class LoopListener(EventLoop loop, MachineHost host, ListenOptions options) : Listener
{
    /// <summary>How many peers are told at one time why they are turned away; the rest see their connection close.</summary>
    private const int MaxRefusing = 64;

    private int _open;
    private int _refusing;
    private bool _isOverLimit;

    public override IPEndPoint EndPoint { get; } = new(IPAddress.None, 0);

    protected EventLoop Loop => loop;

    protected ListenOptions Options => options;

    /// <summary>A connection is there: to be served, or to be told why not.</summary>
    /// <returns>False: close it at once.</returns>
    public bool TryAdmit(string peer, out ChannelPlan plan)
    {
        plan = new ChannelPlan(loop, host, peer, options.BufferBytes, options.Gated, options.Limits) { Listener = this };
        var limit = options.Limits.Connections;
        if (_open < limit)
        {
            _open++;
            _isOverLimit = false;
            return true;
        }
        if (!_isOverLimit)
            Log.TooManyConnections(loop.Logger, options.Address, limit);
        _isOverLimit = true;
        if (_refusing >= MaxRefusing)
            return false;
        _refusing++;
        var message = string.Create(CultureInfo.InvariantCulture, $"ERR too many connections, the limit is {limit}\r\n");
        plan = plan with { Refusal = Encoding.ASCII.GetBytes(message) };
        return true;
    }

    /// <summary>One of its connections is gone.</summary>
    public void Left(bool wasRefused)
    {
        if (wasRefused)
            _refusing--;
        else
            _open--;
    }
}
