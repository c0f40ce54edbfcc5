A read that failed is asked again although a later write of its own connection may be seen by now.

file src/SuperMassive.Core/Cluster/Operation.cs
replace
    public bool IsOvertaken => ComesBefore(new Version(ulong.MaxValue));
with
    public bool IsOvertaken => ComesBefore(Version.None);
end
