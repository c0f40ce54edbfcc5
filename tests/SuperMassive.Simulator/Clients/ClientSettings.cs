namespace SuperMassive.Simulator.Clients;

/// <summary>How one client behaves.</summary>
public sealed record ClientSettings
{
    /// <summary>How many (per mille) of its requests are RESP arrays; the others are lines.</summary>
    public int RespPerMille { get; init; }

    /// <summary>Requests under way at once on its connection.</summary>
    public int Depth { get; init; } = 1;

    /// <summary>The longest pause between a reply and the next request.</summary>
    public int ThinkUs { get; init; } = 100_000;

    /// <summary>After how long without an answer it gives up its connection.</summary>
    public int PatienceUs { get; init; } = 5_000_000;

    /// <summary>Where to connect, asked anew for every connection.</summary>
    public required Func<SimClient, string> ServerAddress { get; init; }

    public required string Username { get; init; }

    public required string Password { get; init; }
}
