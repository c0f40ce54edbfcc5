using System.Text;

namespace SuperMassive.Server.Configuration;

/// <summary>Small files that are either there as a whole or not there, whatever dies in between.</summary>
internal static class AtomicFile
{
    /// <summary>Writes the file unless there is one: whoever was first is right.</summary>
    public static void Create(string path, string text, UnixFileMode? mode = null)
    {
        var temporary = WriteTemporary(path, text, mode);
        try
        {
            File.Move(temporary, path, overwrite: false);
        }
        catch (IOException) when (File.Exists(path))
        {
            File.Delete(temporary);
        }
    }

    /// <summary>Writes the file, over an older one too.</summary>
    public static void Replace(string path, string text, UnixFileMode? mode = null) =>
        File.Move(WriteTemporary(path, text, mode), path, overwrite: true);

    private static string WriteTemporary(string path, string text, UnixFileMode? mode)
    {
        var temporary = $"{path}.{Guid.NewGuid():N}.tmp";
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (mode is not null && !OperatingSystem.IsWindows())
            options.UnixCreateMode = mode;
        try
        {
            using var stream = new FileStream(temporary, options);
            stream.Write(Encoding.UTF8.GetBytes(text));
            stream.Flush(flushToDisk: true);
            return temporary;
        }
        catch (IOException)
        {
            // a full disk is not helped by what could not be finished
            File.Delete(temporary);
            throw;
        }
    }
}
