A REGX does not wait for what its connection sent before, nor the others for it.

file src/SuperMassive.Core/Cluster/ClientPort.cs
replace
    verb is Verb.Regx or Verb.Stat or Verb.Rcnf
with
    verb is Verb.Stat or Verb.Rcnf
end
