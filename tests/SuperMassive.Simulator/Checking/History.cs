namespace SuperMassive.Simulator.Checking;

/// <summary>All operations of one run, in the order they were invoked.</summary>
public sealed class History
{
    private readonly List<Operation> _operations = [];

    public IReadOnlyList<Operation> Operations => _operations;

    public int NextId => _operations.Count;

    public void Add(Operation operation) => _operations.Add(operation);

    /// <summary>Operations on single keys, grouped by key; keys in the order they were first used.</summary>
    public Dictionary<string, List<Operation>> ByKey()
    {
        var byKey = new Dictionary<string, List<Operation>>();
        foreach (var operation in _operations)
        {
            if (!operation.IsOfKey)
                continue;
            if (!byKey.TryGetValue(operation.Key, out var list))
                byKey.Add(operation.Key, list = []);
            list.Add(operation);
        }
        return byKey;
    }
}
