An INCR looks for its holder while one before it still does.

file src/SuperMassive.Core/Cluster/Counts.cs
replace
    if (MustWait(operation))
        operation.Step = Step.AwaitTurn;
    else if (state.ChainShard
with
    if (state.ChainShard
end
