namespace SuperMassive.Simulator.Checking;

public enum Verdict : byte
{
    Linearizable,
    NotLinearizable,

    /// <summary>The search was given up: counts as a failure, since nothing was shown.</summary>
    Undecided,
}

/// <summary>
/// Whether the operations on one key can be put in an order that respects real time and the meaning of each. Operations nobody
/// heard of may take place at any time after their invocation, or never.
/// </summary>
/// <remarks>
/// Wing and Gong, "Testing and Verifying Concurrent Objects", 1993, with Lowe's memoisation of (operations placed, state),
/// "Testing for linearizability", 2017. What leaves the state alone is placed at once: no order is lost by that.
/// </remarks>
public sealed class Linearizability
{
    public const int DefaultBudget = 3_000_000;

    /// <summary>Larger amounts than this are not reasoned about: the sums are kept as one bit each.</summary>
    private const int MaxUnits = 1 << 14;

    /// <summary>Numbers nearer to the ends of what one may be are not reasoned about: there an addition may be refused.</summary>
    private const decimal MaxCounted = 1L << 62;

    private readonly KeyStep[] _steps;
    private readonly bool[] _isPlaced;
    private readonly HashSet<(ulong, ulong)> _seen = [];
    private readonly int _budget;

    /// <summary>In what sums are told apart: hundredths where something is counted that has decimals.</summary>
    private readonly int _unitsPerOne;
    private int _visited;
    private int _mandatoryLeft;
    private int _fewestLeft = int.MaxValue;

    private Linearizability(KeyStep[] steps, int budget)
    {
        _steps = steps;
        _isPlaced = new bool[steps.Length];
        _budget = budget;
        _mandatoryLeft = steps.Count(step => !step.IsOptional);
        _unitsPerOne = Array.TrueForAll(steps, step => decimal.IsInteger(step.Operation.Delta)) ? 1 : 100;
    }

    /// <summary>The operation at which every order tried so far ended; the best hint at what is wrong.</summary>
    private Operation? Stuck { get; set; }

    /// <param name="operations">All operations on one key, in any order.</param>
    /// <param name="stuck">Where it failed: an operation whose answer fits nowhere.</param>
    public static Verdict Check(IEnumerable<Operation> operations, out Operation? stuck, int budget = DefaultBudget)
    {
        var search = new Linearizability(Prepare(operations), budget);
        var found = search.Place(0, KeyState.Absent, 0, isUnobserved: false);
        stuck = found ? null : search.Stuck;
        if (search._visited > budget)
            return Verdict.Undecided;
        return found ? Verdict.Linearizable : Verdict.NotLinearizable;
    }

    private static KeyStep[] Prepare(IEnumerable<Operation> operations)
    {
        var random = new SimRandom(1);
        var texts = new Dictionary<string, int>();
        var taken = operations
            .Where(o => o.IsOfKey && o.Outcome != Outcome.Refused)
            .Where(o => o.IsWrite || o.Outcome is Outcome.Ok or Outcome.NotFound)
            .OrderBy(o => o.InvokeUs).ThenBy(o => o.Id)
            .ToList();
        var lastOf = new Dictionary<int, int>();
        var steps = new KeyStep[taken.Count];
        for (var i = 0; i < steps.Length; i++)
        {
            var o = taken[i];
            var after = o.Connection > 0 && lastOf.TryGetValue(o.Connection, out var last) ? last : -1;
            steps[i] = new KeyStep(o, o.Value is null ? default : KeyState.Of(o.Value, texts),
                o.Result is null ? default : KeyState.Of(o.Result, texts), random.Next(), after);
            // what nobody heard of may take place at any time later
            if (!steps[i].IsOptional)
                lastOf[o.Connection] = i;
        }
        return steps;
    }

    /// <summary>Whether a step is still to be placed and what was sent before it has been.</summary>
    private bool IsNext(int i) => !_isPlaced[i] && (_steps[i].After < 0 || _isPlaced[_steps[i].After]);

    /// <summary>Tries to place all that is left, beginning the search at <paramref name="first"/>: all before it is placed.</summary>
    /// <param name="isUnobserved">
    /// Whether the last step placed is one nobody heard of: overwriting its effect at once would be the same as leaving it out.
    /// </param>
    private bool Place(int first, KeyState state, ulong placed, bool isUnobserved)
    {
        while (first < _steps.Length && _isPlaced[first])
            first++;
        if (_mandatoryLeft == 0)
            return true;
        if (++_visited > _budget || !_seen.Add((placed, state.Hash + (isUnobserved ? 1UL : 0))))
            return false;
        if (_mandatoryLeft < _fewestLeft)
        {
            _fewestLeft = _mandatoryLeft;
            Stuck = EarliestToSettle(first);
        }
        var limit = FindLimit(first, out var end);
        if (FindHarmless(first, end, limit, state) is >= 0 and var harmless)
            return TryStep(harmless, first, state, placed);
        return TryAll(first, end, limit, state, placed, optional: false, isUnobserved)
            || TryUnheard(first, end, limit, state, placed, isUnobserved);
    }

    /// <summary>The time by which some step must have taken place: none invoked later can come next.</summary>
    private long FindLimit(int first, out int end)
    {
        var limit = long.MaxValue;
        for (end = first; end < _steps.Length && _steps[end].InvokeUs <= limit; end++)
        {
            if (!_isPlaced[end])
                limit = Math.Min(limit, _steps[end].SettledUs);
        }
        return limit;
    }

    /// <summary>A step that only tells what is there. Not a PUT of it: that may be needed later to overwrite something else.</summary>
    private int FindHarmless(int first, int end, long limit, KeyState state)
    {
        for (var i = first; i < end; i++)
        {
            ref readonly var step = ref _steps[i];
            if (IsNext(i) && !step.IsOptional && step.Operation.Kind != OperationKind.Put && step.InvokeUs <= limit
                && step.TryApply(state, out var after) && after == state)
                return i;
        }
        return -1;
    }

    private bool TryAll(int first, int end, long limit, KeyState state, ulong placed, bool optional, bool isUnobserved)
    {
        for (var i = first; i < end; i++)
        {
            if (!IsNext(i) || _steps[i].IsOptional != optional || _steps[i].InvokeUs > limit)
                continue;
            if (isUnobserved && (optional ? _steps[i].Operation.Kind != OperationKind.Add : _steps[i].Operation.Kind == OperationKind.Put))
                continue;
            if (optional && IsCovered(first, i))
                continue;
            if (TryStep(i, first, state, placed))
                return true;
        }
        return false;
    }

    /// <summary>
    /// Places steps nobody heard of. When they can only add, the answers to come say which sums they have to make up: those are tried, the
    /// ones of fewest steps first, and no others. Adding before an overwrite explains nothing.
    /// </summary>
    private bool TryUnheard(int first, int end, long limit, KeyState state, ulong placed, bool isUnobserved)
    {
        var adds = new List<int>();
        var units = new List<int>();
        if (!CanOnlyAdd(first, end, limit, state, adds, units))
            return TryAll(first, end, limit, state, placed, optional: true, isUnobserved);
        if (adds.Count == 0)
            return false;
        var sums = new SubsetSums(units);
        var wanted = Wanted(first, end, limit, state).Where(step => sums.CanMake(step.Units)).ToList();
        for (var size = 1; size <= sums.Count && wanted.Count > 0; size++)
        {
            foreach (var (step, sum) in wanted)
            {
                if (sums.Any(size, sum, subset => TryAfter(subset, adds, step, first, state, placed)))
                    return true;
            }
        }
        return false;
    }

    /// <summary>Whether what nobody heard of is all additions, of amounts that can be told apart.</summary>
    private bool CanOnlyAdd(int first, int end, long limit, KeyState state, List<int> adds, List<int> units)
    {
        if (state.Kind != KeyState.Holds.Number || Math.Abs(state.Payload) > MaxCounted)
            return false;
        for (var i = first; i < end; i++)
        {
            ref readonly var step = ref _steps[i];
            if (_isPlaced[i])
                continue;
            if (step.Operation.Outcome == Outcome.OutOfRange)
                return false;
            if (!step.IsOptional || step.InvokeUs > limit)
                continue;
            var amount = step.Operation.Delta * _unitsPerOne;
            if (step.Operation.Kind != OperationKind.Add || Math.Abs(amount) > MaxUnits || !decimal.IsInteger(amount))
                return false;
            if (!IsNext(i) || amount == 0)
                continue;
            adds.Add(i);
            units.Add((int)amount);
        }
        return true;
    }

    /// <summary>The steps that could come next if so many units were added before.</summary>
    private IEnumerable<(int Step, int Units)> Wanted(int first, int end, long limit, KeyState state)
    {
        for (var i = first; i < end; i++)
        {
            if (IsNext(i) && _steps[i].InvokeUs <= limit && _steps[i].TryGetNeededNumber(out var needed)
                && (needed - state.Payload) * _unitsPerOne is >= int.MinValue and <= int.MaxValue and var units && decimal.IsInteger(units))
                yield return (i, (int)units);
        }
    }

    private bool TryAfter(ArraySegment<int> subset, List<int> adds, int next, int first, KeyState state, ulong placed)
    {
        if (_visited > _budget)
            return false;
        var after = state;
        // the indices are the enumeration's own, which goes on in the same place when the search comes back
        foreach (var index in subset)
        {
            ref readonly var step = ref _steps[adds[index]];
            step.TryApply(after, out after);
            placed ^= step.Token;
            _isPlaced[adds[index]] = true;
        }
        if (TryStep(next, first, after, placed))
            return true;
        foreach (var index in subset)
            _isPlaced[adds[index]] = false;
        return false;
    }

    private bool TryStep(int i, int first, KeyState state, ulong placed)
    {
        ref readonly var step = ref _steps[i];
        if (!step.TryApply(state, out var after) || step.IsOptional && after == state)
            return false;
        _isPlaced[i] = true;
        if (!step.IsOptional)
            _mandatoryLeft--;
        if (Place(first, after, placed ^ step.Token, step.IsOptional))
            return true;
        _isPlaced[i] = false;
        if (!step.IsOptional)
            _mandatoryLeft++;
        return false;
    }

    /// <summary>Whether an earlier unplaced step does the same: trying that one is enough.</summary>
    private bool IsCovered(int first, int i)
    {
        for (var earlier = first; earlier < i; earlier++)
        {
            if (IsNext(earlier) && _steps[earlier].IsOptional && _steps[earlier].DoesTheSameAs(_steps[i]))
                return true;
        }
        return false;
    }

    private Operation? EarliestToSettle(int first)
    {
        Operation? earliest = null;
        for (var i = first; i < _steps.Length; i++)
        {
            if (!_isPlaced[i] && !_steps[i].IsOptional && (earliest is null || _steps[i].SettledUs < earliest.SettledUs))
                earliest = _steps[i].Operation;
        }
        return earliest;
    }
}
