using SuperMassive.Simulator.Checking;

namespace SuperMassive.Simulator.Clients;

/// <summary>Asks for RCNF when its operator wants it, one at a time.</summary>
public sealed class Reloads(Action<Operation> answered) : Workload
{
    private bool _isWanted;

    public bool IsUnderWay { get; private set; }

    public override bool IsOver => !IsUnderWay && !_isWanted;

    public void Ask() => _isWanted = IsUnderWay = true;

    public override Request? Next(int operationId)
    {
        if (!_isWanted)
            return null;
        _isWanted = false;
        return new Request(OperationKind.Reload, "");
    }

    public override void Completed(Operation operation)
    {
        IsUnderWay = false;
        answered(operation);
    }
}
