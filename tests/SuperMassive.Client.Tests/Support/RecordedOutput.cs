using System.Text;
using SuperMassive.Cli.Shell;

namespace SuperMassive.Client.Tests.Support;

/// <summary>What a shell showed.</summary>
internal sealed class RecordedOutput : IShellOutput
{
    public List<string> Lines { get; } = [];

    public List<string> Notices { get; } = [];

    public void ReplyLine(ReadOnlySpan<byte> line, bool isError) => Lines.Add((isError ? "!" : "") + Encoding.UTF8.GetString(line));

    public void Notice(string message) => Notices.Add(message);
}
