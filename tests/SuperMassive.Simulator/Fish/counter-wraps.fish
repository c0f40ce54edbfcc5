A sum beyond 64 bits wraps around.

file src/SuperMassive.Core/Storage/CounterNumber.cs
replace
    FitsInteger(left) && FitsInteger(right) && FitsInteger(sum) ? new CounterNumber(sum, 0, false) : null
with
    new CounterNumber(unchecked((long)sum), 0, false)
end
