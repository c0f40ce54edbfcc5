A read does not wait for the writes that its own connection sent before it.

file src/SuperMassive.Core/Cluster/KeyOrder.cs
replace
    state.Puts[i].Followers.Add(operation);
     return;
with
    break;
end
