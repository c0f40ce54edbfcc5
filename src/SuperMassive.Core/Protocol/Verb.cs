namespace SuperMassive.Core.Protocol;

/// <summary>What a command asks for. Several names may stand for one verb (SET is PUT to Redis clients).</summary>
public enum Verb : byte
{
    None,
    Auth,
    Ping,
    Put,
    Get,
    Del,
    Incr,
    Decr,
    Regx,
    Stat,
    Rcnf,
    Quit,
    Nauth,
    Join,
    Add,
    Drop,
    Scan,
    Tombstones,
    Versions,
    Purge,
    Known,
    StartSync,
    Pages,
    DoneSync,
    FullSync,
    Surplus,
}
