namespace SuperMassive.Core.Journal;

/// <summary>What can be wrong with journal bytes.</summary>
public enum DamageKind
{
    PageChecksum,
    PageNumber,

    /// <summary>A page of an older epoch behind one of a newer: left over from before the journal was truncated there.</summary>
    PageEpoch,

    FragmentChecksum,
    FragmentOrder,

    /// <summary>The fragments are intact, but what they hold is no record that this build knows.</summary>
    Record,

    AnotherJournal,
    UnknownFormat,
    NewerFormat,

    /// <summary>Bytes that the disk held safely are not there.</summary>
    Missing,
}

/// <summary>Where journal bytes stop making sense, and how.</summary>
/// <param name="Lsn">First byte of the page header or fragment that is bad.</param>
/// <param name="Page">The page it lies in.</param>
public sealed record JournalDamage(long Lsn, long Page, DamageKind Kind)
{
    /// <summary>For messages.</summary>
    public string What => Kind switch
    {
        DamageKind.PageChecksum => "bad page checksum",
        DamageKind.PageNumber => "wrong page number",
        DamageKind.PageEpoch => "page of an older epoch",
        DamageKind.FragmentChecksum => "bad fragment checksum",
        DamageKind.FragmentOrder => "bad fragment order",
        DamageKind.Record => "unknown record",
        DamageKind.AnotherJournal => "another journal's id",
        DamageKind.UnknownFormat => "not a SuperMassive journal",
        DamageKind.Missing => "missing bytes",
        DamageKind.NewerFormat => "written by a newer version of SuperMassive",
        _ => Kind.ToString(),
    };

    public override string ToString() => $"{What} in page {Page} at LSN {Lsn}";
}
