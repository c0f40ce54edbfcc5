A read that failed is asked again although a later write of its own connection may be seen by now.

file src/SuperMassive.Core/Cluster/Operation.cs
replace
    public bool IsOvertaken => ComesBefore
with
    public bool IsOvertaken => Kind == OperationKind.Put && ComesBefore
end
