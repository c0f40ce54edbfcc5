A DEL that no node is known to have stored counts as done.

file src/SuperMassive.Core/Cluster/Deletes.cs
replace
    var wasStored = operation.Attempts > 0;
     if (wasStored)
with
    var wasStored = operation.Attempts > 0;
    if (operation.Attempts >= 0)
end
