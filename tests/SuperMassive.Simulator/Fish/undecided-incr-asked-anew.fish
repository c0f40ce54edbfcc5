An INCR that may have been carried out already is asked anew of whoever holds the key now.

file src/SuperMassive.Core/Cluster/Counts.cs
replace
    operation.IsIndeterminate && (reply.Version == Version.None || reply.Version > operation.Version)
with
    operation.Attempts < 0
end
