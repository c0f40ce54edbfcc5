using SuperMassive.AppHost.Local;

// One command, two hosts, the same topology (src/SuperMassive.Topology): Aspire with its dashboard where its packages can be restored,
// else the local launcher. eng/Aspire.props decides; UseAspire=true|false forces either.
Func<string[], Task<int>> runAsync = LocalHost.RunAsync;
PreferAspire(ref runAsync);
return await runAsync(args);

internal static partial class Program
{
    /// <summary>Implemented by AspireProgram.cs, which is compiled only where Aspire is.</summary>
    static partial void PreferAspire(ref Func<string[], Task<int>> runAsync);
}
