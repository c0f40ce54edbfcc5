using Microsoft.Extensions.Logging;
using SuperMassive.Server.Loop;

namespace SuperMassive.Server.Hosting;

/// <summary>What a process hosts on its loop.</summary>
public abstract class LoopPlan
{
    /// <summary>Why it could not start; empty while it can.</summary>
    public string Failure { get; private set; } = "";

    /// <summary>Makes the cores and opens their ports; may block.</summary>
    public abstract IReadOnlyList<HostedCore> Open(EventLoop loop, ILogger logger, Action<long, long> progress);

    /// <summary>Why the process should get no work now, or null. On the loop's thread.</summary>
    public virtual string? ProblemOf(IReadOnlyList<HostedCore> cores)
    {
        foreach (var core in cores)
        {
            if (core.Problem is { } problem)
                return problem;
        }
        return null;
    }

    internal void Failed(string why) => Failure = why;
}
