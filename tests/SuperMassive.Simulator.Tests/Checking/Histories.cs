using System.Globalization;
using SuperMassive.Simulator.Checking;

namespace SuperMassive.Simulator.Tests.Checking;

/// <summary>
/// Histories as text, one operation per line: <c>begin end VERB arguments → answer</c>; an end of <c>-</c> and an answer of
/// <c>?</c> mean that nobody knows. A last argument <c>@n</c> names the connection.
/// </summary>
internal static class Histories
{
    public static List<Operation> Parse(string text) =>
        [.. text.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).Select(ParseLine)];

    private static Operation ParseLine(string line, int id)
    {
        var sides = line.Split("->", StringSplitOptions.TrimEntries);
        var words = sides[0].Split(' ', StringSplitOptions.RemoveEmptyEntries).ToList();
        var connection = words[^1][0] == '@' ? int.Parse(words[^1][1..]) : 0;
        if (connection > 0)
            words.RemoveAt(words.Count - 1);
        var answer = sides[1];
        var kind = words[2] switch
        {
            "PUT" => OperationKind.Put,
            "GET" => OperationKind.Get,
            "DEL" => OperationKind.Delete,
            "INCR" => OperationKind.Add,
            "REGX" => OperationKind.Scan,
            _ => throw new FormatException($"no verb: {line}"),
        };
        return new Operation
        {
            Id = id,
            Kind = kind,
            Key = words[3],
            Connection = connection,
            Value = kind == OperationKind.Put ? words[4] : null,
            Delta = kind == OperationKind.Add ? decimal.Parse(words[4], CultureInfo.InvariantCulture) : 0,
            Window = kind == OperationKind.Scan && words.Count > 4 ? new ScanWindow(int.Parse(words[4]), int.Parse(words[5])) : null,
            InvokeUs = long.Parse(words[0]),
            ReturnUs = words[1] == "-" ? long.MaxValue : long.Parse(words[1]),
            Outcome = answer switch
            {
                "?" => Outcome.Indeterminate,
                "none" => Outcome.NotFound,
                "nan" => Outcome.NotNumber,
                "range" => Outcome.OutOfRange,
                "refused" => Outcome.Refused,
                _ => Outcome.Ok,
            },
            Result = kind is OperationKind.Get or OperationKind.Add && answer is not ("?" or "none" or "nan" or "range" or "refused")
                ? answer
                : null,
            Pairs = kind == OperationKind.Scan && answer is not ("?" or "none")
                ? [.. answer.Split(' ').Select(p => p.Split('=')).Select(p => KeyValuePair.Create(p[0], p[1]))]
                : null,
        };
    }
}
