using System.Globalization;
using SuperMassive.Simulator.Checking;

namespace SuperMassive.Simulator.Tests.Checking;

/// <summary>Histories that are right by construction: a real key is used, each operation at one instant within its interval.</summary>
internal static class RandomHistory
{
    public static List<Operation> Of(SimRandom random, int operations, int clients)
    {
        var freeAt = new long[clients];
        var planned = new List<(Operation Operation, long At)>();
        for (var id = 0; id < operations; id++)
        {
            var client = random.Below(clients);
            var invoke = freeAt[client] + random.Between(1, 20);
            var at = invoke + random.Between(0, 50);
            freeAt[client] = at + random.Between(0, 50);
            var kind = id == 0 ? OperationKind.Put : (OperationKind)random.Below(4);
            planned.Add((new Operation
            {
                Id = id,
                Kind = kind,
                Key = "k",
                Value = kind == OperationKind.Put ? (random.Chance(500) ? $"v{id}" : $"{id * 1000}") : null,
                Delta = random.Between(1, 5),
                InvokeUs = id == 0 ? 0 : invoke,
                ReturnUs = id == 0 ? 0 : freeAt[client],
                Outcome = id > 0 && random.Chance(80) ? Outcome.Indeterminate : Outcome.Ok,
            }, id == 0 ? 0 : at));
        }
        // the last one is a read that found something, for the test to corrupt
        var end = freeAt.Max() + 1;
        planned.Add((At(operations, OperationKind.Put, "last", end), end));
        planned.Add((At(operations + 1, OperationKind.Get, null, end + 2), end + 2));
        string? value = null;
        foreach (var (operation, _) in planned.OrderBy(p => p.At).ThenBy(p => p.Operation.Id))
            value = Apply(operation, value, random);
        return [.. planned.Select(p => p.Operation)];
    }

    private static Operation At(int id, OperationKind kind, string? value, long us) =>
        new() { Id = id, Kind = kind, Key = "k", Value = value, InvokeUs = us, ReturnUs = us + 1 };

    private static string? Apply(Operation operation, string? value, SimRandom random)
    {
        var isUnheard = operation.Outcome == Outcome.Indeterminate;
        if (isUnheard && random.Chance(500))
            return value;
        var (answer, result, after) = operation.Kind switch
        {
            OperationKind.Put => (Outcome.Ok, null, operation.Value),
            OperationKind.Get => (value is null ? Outcome.NotFound : Outcome.Ok, value, value),
            OperationKind.Delete => (value is null ? Outcome.NotFound : Outcome.Ok, null, null),
            _ => Add(operation, value),
        };
        if (!isUnheard)
            (operation.Outcome, operation.Result) = (answer, result);
        return after;
    }

    private static (Outcome, string?, string?) Add(Operation operation, string? value)
    {
        if (value is null)
            return (Outcome.NotFound, null, null);
        if (!long.TryParse(value, out var number))
            return (Outcome.NotNumber, null, value);
        var sum = (number + operation.Delta).ToString(CultureInfo.InvariantCulture);
        return (Outcome.Ok, sum, sum);
    }
}
