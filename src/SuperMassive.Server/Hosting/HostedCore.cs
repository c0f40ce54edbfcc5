using System.Security.Cryptography;
using Microsoft.Extensions.Logging;
using SuperMassive.Core;
using SuperMassive.Server.Configuration;
using SuperMassive.Server.Loop;

namespace SuperMassive.Server.Hosting;

/// <summary>A core on a loop, with the effects that every core asks for. What a node or a cluster asks beyond is the derived class's.</summary>
public abstract class HostedCore(EventLoop loop, ILogger logger) : IEffects, IDisposable
{
    private Listener? _listener;

    /// <summary>The core; null until <see cref="Start"/>.</summary>
    public abstract IStateMachine Core { get; }

    protected EventLoop Loop => loop;

    protected ILogger Logger => logger;

    /// <summary>Puts the core on the loop and opens its port. Before the loop runs, or on its thread.</summary>
    public void Start(string name, ListenOptions options)
    {
        loop.Add(Core);
        _listener = loop.Listen(Core, options);
        CoreLog.Listening(logger, name, options.Address);
    }

    /// <summary>Takes nothing new and finishes what was begun. On the loop's thread.</summary>
    public void BeginDrain()
    {
        _listener?.Close();
        Core.BeginDrain();
    }

    public Channel Connect(PeerAddress peer) => loop.Connect(Core, peer);

    public void FillRandom(Span<byte> bytes) => RandomNumberGenerator.Fill(bytes);

    public void Report(CoreEvent what, string subject, string detail) => CoreLog.Write(logger, what, subject, detail);

    public abstract void Dispose();

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
}
