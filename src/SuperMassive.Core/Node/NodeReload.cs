using System.Text;
using SuperMassive.Core.Protocol;

namespace SuperMassive.Core.Node;

/// <summary>
/// RCNF in two steps, so that an invalid file changes nothing anywhere: CHECK reads and validates this process's file, APPLY swaps
/// to what was checked.
/// </summary>
internal sealed class NodeReload(NodeCore node, INodeEffects effects)
{
    private PeerSession? _asking;
    private NodeSettings? _checked;

    public void Handle(PeerSession session, in Command command, OutputBuffer output)
    {
        if (command[0].SequenceEqual("CHECK"u8))
        {
            if (_asking is not null)
            {
                RespWriter.Error(output, "ERR another reload is under way"u8);
                return;
            }
            _asking = session;
            session.Channel.IsReadingPaused = true;
            effects.LoadSettings();
        }
        else if (command[0].SequenceEqual("APPLY"u8) && _checked is { } settings)
        {
            _checked = null;
            node.Configure(settings);
            effects.Report(CoreEvent.ConfigurationReloaded, node.Settings.Address, "");
            RespWriter.Simple(output, "OK configs reloaded"u8);
        }
        else
        {
            RespWriter.Error(output, "ERR RCNF takes CHECK, then APPLY"u8);
        }
    }

    public void SettingsLoaded(NodeSettings? settings, string? error)
    {
        if (_asking is not { } session)
            return;
        _asking = null;
        _checked = settings;
        if (session.IsClosed)
            return;
        node.Touch(session);
        if (settings is null)
        {
            effects.Report(CoreEvent.ConfigurationRejected, node.Settings.Address, error ?? "");
            RespWriter.Error(session.Channel.Output, Encoding.UTF8.GetBytes("ERR " + error));
        }
        else
        {
            RespWriter.Simple(session.Channel.Output, "OK configuration is valid"u8);
        }
        session.Channel.IsReadingPaused = false;
    }
}
