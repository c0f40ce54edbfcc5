namespace SuperMassive.Simulator.Clients;

/// <summary>How one client behaves.</summary>
public sealed record ClientSettings
{
    /// <summary>RESP arrays instead of lines.</summary>
    public bool SpeaksResp { get; init; }

    /// <summary>Requests under way at once on its connection.</summary>
    public int Depth { get; init; } = 1;

    /// <summary>The longest pause between a reply and the next request.</summary>
    public int ThinkUs { get; init; } = 100_000;

    /// <summary>After how long without an answer it gives up its connection.</summary>
    public int PatienceUs { get; init; } = 5_000_000;

    public required string ServerAddress { get; init; }

    public required string Username { get; init; }

    public required string Password { get; init; }
}
