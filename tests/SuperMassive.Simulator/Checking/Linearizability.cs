using System.Numerics;

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
    public const int DefaultBudget = 20_000_000;

    /// <summary>Larger amounts than this are not reasoned about: the sums are kept as one bit each.</summary>
    private const int MaxUnits = 1 << 14;


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
        if (found)
            return Verdict.Linearizable;
        return search._visited > budget ? Verdict.Undecided : Verdict.NotLinearizable;
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
            || CanUnheardHelp(first, end, limit, state) && TryAll(first, end, limit, state, placed, optional: true, isUnobserved);
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
    /// Whether placing steps nobody heard of can make an answer fit. When they can only add, the answers to come say which sums they
    /// would have to make up, and most subsets need not be tried. Adding before an overwrite explains nothing.
    /// </summary>
    private bool CanUnheardHelp(int first, int end, long limit, KeyState state)
    {
        if (state.Kind != KeyState.Holds.Number)
            return true;
        // bit n stands for the sum lowest + n
        var sums = BigInteger.One;
        var lowest = 0m;
        for (var i = first; i < end; i++)
        {
            ref readonly var step = ref _steps[i];
            if (_isPlaced[i] || !step.IsOptional || step.InvokeUs > limit)
                continue;
            var units = step.Operation.Delta * _unitsPerOne;
            if (step.Operation.Kind != OperationKind.Add || Math.Abs(units) > MaxUnits || !decimal.IsInteger(units))
                return true;
            sums |= sums << (int)Math.Abs(units);
            lowest += Math.Min(units, 0);
        }
        for (var i = first; i < end; i++)
        {
            if (!_isPlaced[i] && _steps[i].Operation.Outcome == Outcome.OutOfRange)
                return true;
            if (!_isPlaced[i] && _steps[i].InvokeUs <= limit && _steps[i].TryGetNeededNumber(out var needed)
                && (needed - state.Payload) * _unitsPerOne - lowest is >= 0 and <= int.MaxValue and var bit && !(sums >> (int)bit).IsEven)
                return true;
        }
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
