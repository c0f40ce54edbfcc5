A node lets a cluster in before its replicas were asked for what it lost.

file src/SuperMassive.Core/Node/NodeJoins.cs
replace
    if (!node.Feeds.HaveSettled)
with
    if (!node.Feeds.HaveSettled && node.NowMs < 0)
end
