using System.Globalization;
using System.Security.Cryptography;
using Microsoft.Extensions.Logging;
using SuperMassive.Core;
using SuperMassive.Server.Configuration;
using SuperMassive.Server.Loop;
using SuperMassive.Server.Telemetry;

namespace SuperMassive.Server.Hosting;

/// <summary>
/// A core on a loop, with the effects that every core asks for. What a node or a cluster asks beyond is the derived class's.
/// </summary>
public abstract class HostedCore(EventLoop loop, ILogger logger) : IEffects, IDisposable
{
    private readonly long[] _events = new long[MetricNames.Events.Length];
    private readonly RefusalLog _refusals = new();
    private readonly HashSet<string> _dialled = [];
    private Listener? _listener;
    private string _name = "";

    /// <summary>The core; null until <see cref="Start"/>.</summary>
    public abstract IStateMachine Core { get; }

    /// <summary>Where clients or peers connect, with the port that the system chose; empty before <see cref="Start"/>.</summary>
    public string Address { get; private set; } = "";

    /// <summary>Why it should get no work now, or null. On the loop's thread.</summary>
    public virtual string? Problem => null;

    protected EventLoop Loop => loop;

    protected ILogger Logger => logger;

    protected CoreSpans Spans { get; } = new();

    /// <summary>What other threads may know of it. On the loop's thread, or before the loop runs.</summary>
    public virtual CoreSnapshot Snapshot() => new(_name, Problem, [.. _events]);

    /// <summary>Puts the core on the loop and opens its port. Before the loop runs, or on its thread.</summary>
    public void Start(string name, ListenOptions options)
    {
        loop.Add(Core);
        _listener = loop.Listen(Core, options);
        _name = name;
        Address = AddressOf(_listener, options.Address);
        CoreLog.Listening(logger, name, Address);
    }

    /// <summary>Where the core may record what only its own threads see. Before the loop runs.</summary>
    internal virtual void Use(ServiceMetrics metrics)
    {
    }

    /// <summary>Takes nothing new and finishes what was begun. On the loop's thread.</summary>
    public void BeginDrain()
    {
        _listener?.Close();
        Core.BeginDrain();
    }

    public Channel Connect(PeerAddress peer)
    {
        _dialled.Add(peer.Address);
        return loop.Connect(Core, peer);
    }

    public void FillRandom(Span<byte> bytes) => RandomNumberGenerator.Fill(bytes);

    public void Report(CoreEvent what, string subject, string detail)
    {
        Count(what);
        Spans.Observe(what, subject, detail);
        // a peer that this process dials is reported once by its core, and by its address rather than its host
        if (what != CoreEvent.AuthenticationFailed || _dialled.Contains(subject))
            CoreLog.Write(logger, what, subject, detail);
        else if (_refusals.Admit(subject, detail, Environment.TickCount64) is { } leftOut)
            CoreLog.Write(logger, what, subject, leftOut == 0 ? detail : $"{detail} (and {leftOut} times more, left out here)");
    }

    public abstract void Dispose();

    protected void Count(CoreEvent what) => _events[(int)what]++;

    /// <summary>Runs what may block on another thread and its outcome on the loop; an expected failure becomes a message.</summary>
    protected void Load<T>(Func<T> load, Action<T?, string?> completed) where T : class =>
        ThreadPool.QueueUserWorkItem(_ =>
        {
            try
            {
                var value = load();
                loop.Post(() => completed(value, null));
            }
            catch (ConfigurationException e)
            {
                var problem = string.Join("; ", e.Problems);
                loop.Post(() => completed(null, problem));
            }
        });

    private static string AddressOf(Listener listener, string asked) =>
        asked.EndsWith(":0", StringComparison.Ordinal) && listener.EndPoint.Port is > 0 and var port
            ? string.Create(CultureInfo.InvariantCulture, $"{asked[..^1]}{port}")
            : asked;
}
