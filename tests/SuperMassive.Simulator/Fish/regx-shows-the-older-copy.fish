REGX shows the oldest of several copies.

file src/SuperMassive.Core/Cluster/Scans.cs
replace
    if (stream.Entry.Version > newest)
with
    if (newest == Version.None || stream.Entry.Version < newest)
end
