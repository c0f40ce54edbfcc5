using System.Text;

namespace SuperMassive.Core.Cluster;

/// <summary>
/// RCNF: every process reads and validates its own file first; only when all of them are valid does anybody swap. Then it is decided: a
/// process that cannot be reached at that moment is asked again when it is back.
/// </summary>
internal sealed class ReloadFlow(ClusterCore core)
{
    private readonly List<string> _problems = [];

    /// <summary>Those whose file was found valid, over the connection that they still have.</summary>
    private readonly HashSet<ShardLink> _checked = [];
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
        _checked.Clear();
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

    /// <summary>A link was joined: it may have missed a reload.</summary>
    public void LinkJoined(ShardLink link)
    {
        _checked.Remove(link);
        AskAgain(link);
    }

    private void AskAgain(ShardLink link)
    {
        if (link.OwesReload && _operation is null)
            link.Reload(null, apply: false);
    }

    public void Replied(Operation? operation, ShardLink link, LinkRequestKind kind, in LinkReply reply)
    {
        var isApplied = kind == LinkRequestKind.ApplySettings;
        if (isApplied)
            link.OwesReload = false;
        if (operation is null)
        {
            RepliedLate(link, isApplied, reply);
            return;
        }
        if (reply.IsError)
            _problems.Add($"{link.Peer.Address}: {Links.PeerText.Of(reply.Text)}");
        else if (!isApplied)
            _checked.Add(link);
        LegEnded(operation, isApplied);
    }

    public void Lost(Operation? operation, ShardLink link, LinkRequestKind kind)
    {
        if (operation is null)
            return; // it still owes it
        if (kind == LinkRequestKind.ApplySettings)
            link.OwesReload = true;
        else
            _problems.Add($"{link.Peer.Address}: the connection was lost");
        LegEnded(operation, kind == LinkRequestKind.ApplySettings);
    }

    private void RepliedLate(ShardLink link, bool isApplied, in LinkReply reply)
    {
        if (reply.IsError)
        {
            link.OwesReload = false;
            core.Effects.Report(CoreEvent.ConfigurationRejected, link.Peer.Address, Links.PeerText.Of(reply.Text));
        }
        else if (!isApplied && _operation is null)
        {
            link.Reload(null, apply: true);
        }
    }

    private void AskAll(Operation operation, bool apply)
    {
        operation.Legs = 1;
        foreach (var link in core.Members.Links().ToArray())
        {
            if (link.IsJoined && (!apply || _checked.Contains(link)))
            {
                operation.Legs++;
                link.Reload(operation, apply);
            }
            else if (apply)
            {
                link.OwesReload = true;
            }
        }
        LegEnded(operation, apply);
    }

    private void LegEnded(Operation operation, bool isApplied)
    {
        if (--operation.Legs > 0)
            return;
        if (!isApplied && core.Members.ObjectionTo(_loaded!.Shards) is { } objection)
            _problems.Add($"cluster {core.Settings.Address}: {objection}");
        var problem = _problems.Count == 0 ? null : "reload failed: " + string.Join("; ", _problems);
        if (isApplied)
        {
            Apply(_loaded!);
            End(operation, problem is null ? null : problem + "; all others have reloaded");
        }
        else if (problem is null)
        {
            AskAll(operation, apply: true);
        }
        else
        {
            End(operation, problem);
        }
    }

    /// <summary>Whoever comes in by these settings could not be asked yet, and may have a file that it has not read.</summary>
    private void Apply(ClusterSettings settings)
    {
        var asked = core.Members.Links().ToHashSet();
        core.Apply(settings);
        foreach (var link in core.Members.Links().Where(link => !asked.Contains(link)))
            link.OwesReload = true;
    }

    private void End(Operation operation, string? problem)
    {
        _operation = null;
        _loaded = null;
        var what = problem is null ? CoreEvent.ConfigurationReloaded : CoreEvent.ConfigurationRejected;
        core.Effects.Report(what, core.Settings.Address, problem ?? "");
        var isResp = operation.Framing == Protocol.Framing.Resp;
        if (problem is null)
            core.Complete(operation, Outcome.Raw, isResp ? "+OK configs reloaded\r\n"u8 : "OK configs reloaded\r\n"u8);
        else
            core.Complete(operation, Outcome.Error, Encoding.UTF8.GetBytes(problem));
        foreach (var link in core.Members.Links().Where(link => link.IsJoined).ToArray())
            AskAgain(link);
    }
}
