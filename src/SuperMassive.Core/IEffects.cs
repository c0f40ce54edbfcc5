namespace SuperMassive.Core;

/// <summary>What every core asks of the world. Nothing here blocks; completions come back as inputs.</summary>
public interface IEffects
{
    /// <summary>
    /// Connects to a peer. <see cref="IStateMachine.Opened"/> or <see cref="IStateMachine.Closed"/> follows, never within this call.
    /// </summary>
    Channel Connect(PeerAddress peer);

    /// <summary>Fills with random bytes: cryptographic ones in a real process, seeded ones in the simulator.</summary>
    void FillRandom(Span<byte> bytes);

    /// <summary>Says something to the operator: a log line, and a counter where there is one for it.</summary>
    /// <param name="subject">What it is about: a peer's address, a file.</param>
    /// <param name="detail">The rest of the sentence; may be empty.</param>
    void Report(CoreEvent what, string subject, string detail);
}
