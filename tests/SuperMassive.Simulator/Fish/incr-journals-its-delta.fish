INCR journals the amount instead of the sum.

file src/SuperMassive.Core/Node/NodeWrites.cs
replace
    new Record(RecordKind.Put, version, key, sum)
with
    new Record(RecordKind.Put, version, key, command[1])
end
replace
    commands.ReplyValue(output, key, sum, version);
with
    {
        data.Replace(new Entry(key, sum, version, isTombstone: false));
        commands.ReplyValue(output, key, sum, version);
    }
end
