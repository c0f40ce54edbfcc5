using System.Net;

namespace SuperMassive.Server.Loop;

/// <summary>An address at which a machine accepts connections. Used on the loop's thread, or before it runs.</summary>
public abstract class Listener
{
    /// <summary>
    /// Where it really listens: the port that the system chose when 0 was asked for. Port 0 for <c>memory:</c> addresses.
    /// </summary>
    public abstract IPEndPoint EndPoint { get; }

    /// <summary>Accepts nothing more. Connections that are open stay so.</summary>
    public abstract void Close();
}
