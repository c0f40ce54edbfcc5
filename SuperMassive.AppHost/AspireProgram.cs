using SuperMassive.AppHost;

internal static partial class Program
{
    static partial void PreferAspire(ref Func<string[], Task<int>> runAsync) => runAsync = AspireHost.RunAsync;
}
