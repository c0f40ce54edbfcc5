using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using SuperMassive.Server.Configuration;

namespace SuperMassive.Topology;

/// <summary>What the processes of a topology and their clients must know. Generated once and kept in the data folder.</summary>
public sealed record TopologySecrets(string Username, string Password, string SharedKey)
{
    public const string FileName = "secrets";

    private const int RandomBytes = 32;

    private static readonly OptionFile<TopologySecrets> Format = new(
        FileName, "# Generated. Whoever has these can read and change everything.\n",
        created: new TopologySecrets("", "", ""), basis: new TopologySecrets("", "", ""), Bind);

    /// <summary>Reads the data folder's secrets, and generates them first when there are none. The file is its owner's alone.</summary>
    /// <param name="settings">Secrets given there win and are not stored.</param>
    /// <exception cref="ConfigurationException">The file cannot be read, or something in it is wrong.</exception>
    public static TopologySecrets LoadOrCreate(string dataDirectory, TopologySettings? settings = null)
    {
        var path = Path.Combine(dataDirectory, FileName);
        if (!File.Exists(path))
        {
            Directory.CreateDirectory(dataDirectory);
            var generated = new TopologySecrets("supermassive", Generate(), Generate());
            AtomicFile.Create(path, Format.Header + Format.Write(generated), UnixFileMode.UserRead | UnixFileMode.UserWrite);
        }
        var stored = Format.Load(dataDirectory);
        return new TopologySecrets(
            settings?.Username ?? stored.Username, settings?.Password ?? stored.Password, settings?.SharedKey ?? stored.SharedKey);
    }

    /// <summary>The same in bytes, as processes take them.</summary>
    public Secrets ToSecrets() =>
        new(Encoding.UTF8.GetBytes(Username), Encoding.UTF8.GetBytes(Password), Encoding.UTF8.GetBytes(SharedKey));

    public override string ToString() => "TopologySecrets { hidden }";

    private static string Generate() => Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(RandomBytes));

    private static TopologySecrets Bind(OptionMap map, TopologySecrets from)
    {
        var to = new TopologySecrets(
            map.Required("username", OptionKinds.Text, from.Username),
            map.Required("password", OptionKinds.Text, from.Password),
            map.Required("shared-key", OptionKinds.Text, from.SharedKey));
        map.Check("shared-key", () => to.SharedKey.Length < ServiceArguments.MinSharedKeyCharacters
            ? $"is too short; expected at least {ServiceArguments.MinSharedKeyCharacters} characters"
            : null);
        return to;
    }
}
