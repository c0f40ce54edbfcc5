using SuperMassive.Core.Journal;

namespace SuperMassive.Core.Node;

/// <summary>A place in a journal at which it can be gone on with.</summary>
/// <param name="Id">The journal; null while it has none.</param>
/// <param name="Epoch">The epoch of the page that <paramref name="Lsn"/> ends in.</param>
/// <param name="Lsn">The end of a record that is applied.</param>
/// <param name="DataBytes">Bytes of the records before it, without headers and padding.</param>
internal readonly record struct JournalPosition(JournalId? Id, uint Epoch, long Lsn, long DataBytes);
