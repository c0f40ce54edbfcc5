namespace SuperMassive.Cli.Shell;

/// <summary>Replies as bytes to one stream, notices as lines to another.</summary>
internal sealed class PlainOutput(Stream replies, TextWriter notices) : IShellOutput
{
    public void ReplyLine(ReadOnlySpan<byte> line, bool isError)
    {
        replies.Write(line);
        replies.WriteByte((byte)'\n');
    }

    public void Notice(string message) => notices.WriteLine($"supermassive: {message}");
}
