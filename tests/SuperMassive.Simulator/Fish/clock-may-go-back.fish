After the wall clock was set back versions follow it.

file src/SuperMassive.Core/Cluster/HybridClock.cs
replace
    version = now > Last && now < _ceiling ? now : Last.Next;
with
    version = (now > Last || now.UnixMs + 1_000 < Last.UnixMs) && now < _ceiling ? now : Last.Next;
end
