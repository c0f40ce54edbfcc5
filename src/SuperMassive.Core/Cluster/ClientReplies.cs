using SuperMassive.Core.Protocol;

namespace SuperMassive.Core.Cluster;

/// <summary>What an outcome looks like to the client, in the framing of its command.</summary>
internal static class ClientReplies
{
    public static void Write(OutputBuffer output, Operation operation, Outcome outcome, ReadOnlySpan<byte> payload)
    {
        var framing = operation.Framing;
        switch (outcome)
        {
            case Outcome.Written when operation.IsBareOk:
                ReplyWriter.OkBare(output, framing);
                break;
            case Outcome.Written:
                ReplyWriter.Written(output, framing);
                break;
            case Outcome.Value:
                ReplyWriter.KeyValue(output, framing, operation.Key, payload);
                break;
            case Outcome.Missing when operation.Kind == OperationKind.Count:
                ReplyWriter.Error(output, framing, "key-value not found"u8);
                break;
            case Outcome.Missing when operation.Kind == OperationKind.Delete:
                ReplyWriter.Deleted(output, framing, false);
                break;
            case Outcome.Missing:
                ReplyWriter.Missing(output, framing);
                break;
            case Outcome.Deleted:
                ReplyWriter.Deleted(output, framing, true);
                break;
            case Outcome.Number:
                ReplyWriter.Counter(output, framing, operation.Key, payload);
                break;
            case Outcome.Error:
                ReplyWriter.Error(output, framing, payload);
                break;
            case Outcome.Raw:
                output.Write(payload);
                break;
        }
    }
}
