namespace SuperMassive.Cli.Shell;

/// <summary>Knows, line by line, where the reply to one command stops.</summary>
internal struct ReplyEnd(string verb)
{
    private bool _isLong;
    private bool _hasBegun;

    /// <summary>Takes the next line of the reply; true when it is the last.</summary>
    public bool IsReachedBy(ReadOnlySpan<byte> line)
    {
        if (_hasBegun)
            return line.IsEmpty;
        _hasBegun = true;
        _isLong = CommandLine.HasLongReply(verb) && line.StartsWith("OK"u8);
        return !_isLong;
    }
}
