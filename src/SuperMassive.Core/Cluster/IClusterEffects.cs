namespace SuperMassive.Core.Cluster;

/// <summary>What a cluster process asks of the world beyond channels.</summary>
/// <remarks>Completions are methods of <see cref="ClusterCore"/>: StateSaved, StateSaveFailed, SettingsLoaded.</remarks>
public interface IClusterEffects : IEffects
{
    /// <summary>Saves the state durably (fsync, atomic rename); StateSaved or StateSaveFailed follows. One at a time.</summary>
    void SaveState(ClusterState state);

    /// <summary>Reads and validates the configuration file; SettingsLoaded follows.</summary>
    void LoadSettings();

    /// <summary>A command took long: a log line and a span where there are such.</summary>
    void SlowCommand(in SlowCommand command)
    {
    }
}
