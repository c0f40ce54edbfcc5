RCNF has everybody swap although some file is invalid.

file src/SuperMassive.Core/Cluster/ReloadFlow.cs
replace
    else if (problem is null) { AskAll(operation, apply: true); }
with
    else if (_loaded is not null)
    {
        AskAll(operation, apply: true);
    }
end
