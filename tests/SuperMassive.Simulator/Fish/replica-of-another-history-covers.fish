A replica that follows another history of its primary answers for it.

file src/SuperMassive.Core/Cluster/Shard.cs
replace
    replica.IsJoined && History.Length > 0 && replica.History == History
with
    replica.IsJoined && History.Length > 0
end
