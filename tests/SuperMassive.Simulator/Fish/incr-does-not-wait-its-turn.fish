An INCR looks for its holder while one before it still does.

file src/SuperMassive.Core/Cluster/Counts.cs
replace
    if (MustWait(operation))
        operation.Step = Step.AwaitTurn;
with
    if (operation.Hash == 0)
        operation.Step = Step.AwaitTurn;
end
