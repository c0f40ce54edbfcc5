using SuperMassive.Simulator.Checking;

namespace SuperMassive.Simulator.Clients;

/// <summary>What a client is to send next.</summary>
public readonly record struct Request(OperationKind Kind, string Key, string? Value = null, decimal Delta = 0)
{
    /// <summary>Which part of a scan.</summary>
    public ScanWindow? Window { get; init; }

    /// <summary>Whether only RESP can carry it.</summary>
    public bool NeedsResp => Value is "";
}

/// <summary>Where a client's requests come from.</summary>
public abstract class Workload
{
    /// <summary>The next request, or null when there is none for now.</summary>
    public abstract Request? Next(int operationId);

    /// <summary>Whether no request will come any more.</summary>
    public abstract bool IsOver { get; }

    /// <summary>What became of a request, in the order of the answers.</summary>
    public virtual void Completed(Operation operation)
    {
    }
}
