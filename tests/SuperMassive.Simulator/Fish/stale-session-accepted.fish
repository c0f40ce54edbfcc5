A connection that the cluster has replaced may go on writing.

file src/SuperMassive.Core/Node/NodeJoins.cs
replace
    node.Abort(older);
with
end
replace
    number <= _masterSession
with
    number < 0
end
