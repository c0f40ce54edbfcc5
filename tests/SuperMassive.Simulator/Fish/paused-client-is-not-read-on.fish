A client that had too much pending is never read again.

file src/SuperMassive.Core/Cluster/ClientPort.cs
replace
    session.AwaitsEmpty = false; session.Channel.IsReadingPaused = false;
with
    session.AwaitsEmpty = false;
end
