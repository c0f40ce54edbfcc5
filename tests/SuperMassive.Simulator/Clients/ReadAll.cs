using SuperMassive.Simulator.Checking;

namespace SuperMassive.Simulator.Clients;

/// <summary>Reads every key once all is over, and again until each is answered with a value or its absence.</summary>
public sealed class ReadAll(IEnumerable<string> keys) : Workload
{
    private readonly Queue<string> _toRead = new(keys);
    private readonly List<Operation> _answers = [];
    private int _underWay;

    public override bool IsOver => _toRead.Count == 0 && _underWay == 0;

    /// <summary>The reads that were answered, one per key.</summary>
    public IReadOnlyList<Operation> Answers => _answers;

    /// <summary>Keys still without an answer.</summary>
    public IEnumerable<string> Unanswered => _toRead;

    public override Request? Next(int operationId)
    {
        if (!_toRead.TryDequeue(out var key))
            return null;
        _underWay++;
        return new Request(OperationKind.Get, key);
    }

    public override void Completed(Operation operation)
    {
        _underWay--;
        if (operation.Outcome is Outcome.Ok or Outcome.NotFound)
            _answers.Add(operation);
        else
            _toRead.Enqueue(operation.Key);
    }
}
