using System.Security.Cryptography;

namespace SuperMassive.Server.Loop;

/// <summary>Says what is wrong with a PEM file, by configuration key and path.</summary>
internal static class PemFile
{
    public static string Describe(string key, string path, Exception failure) => failure switch
    {
        FileNotFoundException or DirectoryNotFoundException => $"{key}: {path}: no such file",
        UnauthorizedAccessException => $"{key}: {path}: permission denied",
        CryptographicException or ArgumentException => $"{key}: {path}: not a usable PEM file: {failure.Message}",
        _ => $"{key}: {path}: {failure.Message}",
    };
}
