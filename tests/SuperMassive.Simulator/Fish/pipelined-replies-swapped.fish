Of several replies that become ready together the last is sent first.

file src/SuperMassive.Core/Cluster/ClientPort.cs
replace
    Write(session, next, next.Outcome, next.Value);
     Leave(session, next);
with
    Leave(session, next);
    if (session.TryPeekAnswered(out var second))
    {
        Write(session, second, second.Outcome, second.Value);
        Leave(session, second);
    }
    Write(session, next, next.Outcome, next.Value);
end
