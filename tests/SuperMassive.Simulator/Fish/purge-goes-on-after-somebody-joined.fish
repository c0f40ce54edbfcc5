What was to be purged is purged although a primary has joined since that did not say it knows it.

file src/SuperMassive.Core/Cluster/Purger.cs
replace
    _candidate == Version.None || _membership != core.Members.Changes
with
    _candidate == Version.None
end
