The sweep after a node came back looks at the first page of keys only.

file src/SuperMassive.Core/Cluster/Sweeper.cs
replace
    if (_cursor < End)
with
    if (_cursor < 1)
end
