using System.Text;

namespace SuperMassive.Core.Cluster;

/// <summary>
/// RCNF: every process reads and validates its own file first; only when all of them are valid does anybody swap. A process that cannot
/// be reached reads its file when it starts.
/// </summary>
internal sealed class ReloadFlow(ClusterCore core)
{
    private readonly List<string> _problems = [];
    private Operation? _operation;
    private ClusterSettings? _loaded;

    public void Run(Operation operation)
    {
        if (_operation is not null)
        {
            core.Complete(operation, Outcome.Error, "reload failed: another reload is under way"u8);
            return;
        }
        _operation = operation;
        _problems.Clear();
        core.LoadSettings();
    }

    public void Loaded(ClusterSettings? settings, string? error)
    {
        if (_operation is not { } operation)
            return;
        if (settings is null)
        {
            End(operation, $"reload failed: cluster {core.Settings.Address}: {error}");
            return;
        }
        _loaded = settings;
        AskAll(operation, apply: false);
    }

    public void Replied(Operation operation, ShardLink link, LinkRequestKind kind, in LinkReply reply)
    {
        if (reply.IsError)
            _problems.Add($"{link.Peer.Address}: {Links.PeerText.Of(reply.Text)}");
        LegEnded(operation, kind);
    }

    public void Lost(Operation operation, ShardLink link, LinkRequestKind kind)
    {
        _problems.Add($"{link.Peer.Address}: the connection was lost");
        LegEnded(operation, kind);
    }

    private void AskAll(Operation operation, bool apply)
    {
        operation.Legs = 1;
        foreach (var link in core.Members.Links().Where(link => link.IsJoined).ToArray())
        {
            operation.Legs++;
            link.Reload(operation, apply);
        }
        LegEnded(operation, apply ? LinkRequestKind.ApplySettings : LinkRequestKind.CheckSettings);
    }

    private void LegEnded(Operation operation, LinkRequestKind kind)
    {
        if (--operation.Legs > 0)
            return;
        if (_problems.Count > 0)
        {
            End(operation, "reload failed: " + string.Join("; ", _problems));
        }
        else if (kind == LinkRequestKind.CheckSettings)
        {
            AskAll(operation, apply: true);
        }
        else
        {
            core.Apply(_loaded!);
            End(operation, null);
        }
    }

    private void End(Operation operation, string? problem)
    {
        _operation = null;
        _loaded = null;
        core.Effects.Report(problem is null ? CoreEvent.ConfigurationReloaded : CoreEvent.ConfigurationRejected, core.Settings.Address, problem ?? "");
        if (problem is null)
            core.Complete(operation, Outcome.Raw, operation.Framing == Protocol.Framing.Resp ? "+OK configs reloaded\r\n"u8 : "OK configs reloaded\r\n"u8);
        else
            core.Complete(operation, Outcome.Error, Encoding.UTF8.GetBytes(problem));
    }
}
