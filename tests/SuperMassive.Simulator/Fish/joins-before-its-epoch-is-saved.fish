A cluster process joins nodes under an epoch that is not on its disk.

file src/SuperMassive.Core/Cluster/StateFile.cs
replace
    public bool MayJoin { get; private set; }
with
    public bool MayJoin { get; private set; } = true;
end
