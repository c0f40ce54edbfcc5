Of several replies that become ready together the last is sent first.

file src/SuperMassive.Core/Cluster/ClientPort.cs
replace
    while (session.TryPeekAnswered(out var next))
            {
                Write(session, next, next.Outcome, next.Value);
                Leave(session, next);
                core.Recycle(next);
            }
with
    var ready = new List<Operation>();
    while (session.TryPeekAnswered(out var next))
    {
        Leave(session, next);
        ready.Insert(0, next);
    }
    foreach (var next in ready)
    {
        Write(session, next, next.Outcome, next.Value);
        core.Recycle(next);
    }
end
