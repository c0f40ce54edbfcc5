namespace SuperMassive.Simulator.Fish;

/// <summary>
/// Where bugs are brought into a copy of the core's sources and built one at a time, each with a simulator of its own in a temporary folder.
/// The tree itself is never touched.
/// </summary>
public sealed class Workshop : IDisposable
{
    private const string Simulator = "SuperMassive.Simulator.dll";

    private readonly CoreSources _sources;
    private readonly string _folder = Directory.CreateTempSubdirectory("supermassive-fish-").FullName;

    /// <param name="root">The root of the repository.</param>
    public Workshop(string root)
    {
        FishFolder = Path.Combine(root, "tests/SuperMassive.Simulator/Fish");
        _sources = new CoreSources(root);
    }

    /// <summary>The folder of the repository that holds the known bugs.</summary>
    public string FishFolder { get; }

    /// <summary>The repository above the running program.</summary>
    /// <exception cref="DirectoryNotFoundException">The program was taken out of its tree.</exception>
    public static Workshop Here()
    {
        for (var folder = AppContext.BaseDirectory; folder is not null; folder = Path.GetDirectoryName(folder))
        {
            if (File.Exists(Path.Combine(folder, "SuperMassive.sln")))
                return new Workshop(folder);
        }
        throw new DirectoryNotFoundException($"no SuperMassive.sln above {AppContext.BaseDirectory}: run this from the sources");
    }

    /// <summary>Why a bug does not fit the sources as they are; empty when it does.</summary>
    public string Misfit(KnownBug bug) => _sources.Edited(bug, out var problem) is { } edited ? _sources.ErrorsOf(edited) : problem;

    /// <summary>Builds the simulator with one bug.</summary>
    /// <returns>The program to run, or null with what went wrong.</returns>
    public string? Build(KnownBug bug, out string problem)
    {
        if (_sources.Edited(bug, out problem) is not { } edited)
            return null;
        var target = Directory.CreateDirectory(Path.Combine(_folder, bug.Name)).FullName;
        if (_sources.Build(edited, Path.Combine(target, CoreSources.AssemblyFile)) is { } failure)
        {
            problem = failure;
            return null;
        }
        foreach (var file in Directory.EnumerateFiles(AppContext.BaseDirectory).Where(IsNeeded))
            File.Copy(file, Path.Combine(target, Path.GetFileName(file)));
        return Path.Combine(target, Simulator);
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    /// <summary>What a simulator needs that only runs seeds.</summary>
    private static bool IsNeeded(string path) => Path.GetFileName(path) is var name
        && (name == Simulator || name.StartsWith("System.", StringComparison.Ordinal)
            || name == Path.ChangeExtension(Simulator, ".runtimeconfig.json"));
}
