namespace SuperMassive.Server.Journal;

/// <summary>
/// Where a replica puts its damaged journal before it takes everything from its primary anew: should the primary be lost before it has
/// sent everything, those pages are the last that there are.
/// </summary>
internal static class DamagedJournal
{
    /// <summary>May be cut short anywhere and called again.</summary>
    public static void Move(string directory)
    {
        var folder = Path.Combine(directory, JournalNames.Damaged);
        OwnedFile.CreateDirectory(folder);
        var listing = JournalListing.Read(directory);
        var checkpoints = listing.Checkpoints.Select(checkpoint => checkpoint.FullPath);
        foreach (var path in listing.Segments.Select(segment => segment.FullPath).Concat(checkpoints))
            File.Move(path, Path.Combine(folder, Path.GetFileName(path)), overwrite: true);
        Durability.SyncDirectory(folder);
        Durability.SyncDirectory(directory);
    }
}
