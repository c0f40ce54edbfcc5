namespace SuperMassive.Cli.Shell;

/// <summary>Where a shell shows things: styled on a terminal, plain in a pipe.</summary>
internal interface IShellOutput
{
    /// <summary>One line of a reply, without its end.</summary>
    void ReplyLine(ReadOnlySpan<byte> line, bool isError);

    /// <summary>What happens to the connection.</summary>
    void Notice(string message);
}
