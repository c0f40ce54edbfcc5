using SuperMassive.Simulator.Checking;
using SuperMassive.Simulator.Time;

namespace SuperMassive.Simulator.Clients;

/// <summary>Works through all keys again and again: puts them all, then deletes most of them, with a rest in between.</summary>
public sealed class MassWorkload(Plan plan, SimRandom random, Scheduler scheduler) : Workload
{
    private const int Rounds = 4;

    private readonly int _keys = plan.Workload.Registers;
    private int _round;
    private int _next;
    private long _restsUntilUs;

    public override bool IsOver => _round == Rounds;

    public override Request? Next(int operationId)
    {
        if (IsOver || scheduler.NowUs < _restsUntilUs)
            return null;
        var request = NextOf($"r{_next}", operationId);
        if (++_next == _keys)
        {
            _next = 0;
            _round++;
            _restsUntilUs = scheduler.NowUs + random.Between(0, (int)(plan.FaultyUs / Rounds));
        }
        return request;
    }

    private Request NextOf(string key, int operationId) => _round % 2 == 1 && !random.Chance(100)
        ? new Request(OperationKind.Delete, key)
        : new Request(OperationKind.Put, key, $"v{operationId} of many");
}
