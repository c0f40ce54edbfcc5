using SuperMassive.Client;

namespace SuperMassive.Cli.Shell;

/// <summary>Runs the lines of a stream and writes the replies as sent, for scripts.</summary>
internal static class PipedShell
{
    /// <returns>0 when every reply was good, 1 when any was ERR or missing. Lines after a failed connection are not run.</returns>
    public static async Task<int> RunAsync(
        SuperMassiveClientOptions options, Stream input, IShellOutput output, CancellationToken cancellationToken)
    {
        await using var session = new ShellSession(options, output);
        await session.ConnectAsync(cancellationToken).ConfigureAwait(false);
        var exitCode = Invocation.Succeeded;
        await foreach (var line in LinesAsync(input, cancellationToken).ConfigureAwait(false))
        {
            if (line.Length == 0)
                continue;
            switch (await session.ExecuteAsync(line, cancellationToken).ConfigureAwait(false))
            {
                case Outcome.Error:
                    exitCode = Invocation.Failed;
                    break;
                case Outcome.Lost:
                    // what follows may depend on what is now in doubt
                    return Invocation.Failed;
                case Outcome.Ended:
                    return exitCode;
            }
        }
        return exitCode;
    }

    private static async IAsyncEnumerable<byte[]> LinesAsync(
        Stream input, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var splitter = new LineSplitter();
        while (await input.ReadAsync(splitter.GetMemory(), cancellationToken).ConfigureAwait(false) is > 0 and var count)
        {
            splitter.Advance(count);
            while (splitter.TryRead(out var line))
                yield return line;
        }
        yield return splitter.TakeRest();
    }
}
