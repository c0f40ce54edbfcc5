using System.Diagnostics;

namespace SuperMassive.Simulator.Fish;

/// <summary>
/// A temporary copy of the sources, where bugs are brought in and built one at a time. The tree itself is never touched.
/// </summary>
public sealed class Workshop : IDisposable
{
    private const string Core = "src/SuperMassive.Core";
    private const string Simulator = "tests/SuperMassive.Simulator";
    private const string Built = "bin/Release/net10.0";
    private const string CoreAssembly = "SuperMassive.Core.dll";

    /// <summary>What only costs time here: style was checked where the sources come from.</summary>
    private const string Fast =
        "-c Release -v q --nologo -p:RunAnalyzers=false -p:EnforceCodeStyleInBuild=false -p:TreatWarningsAsErrors=false";

    private readonly string _root;
    private readonly string _copy = Directory.CreateTempSubdirectory("supermassive-fish-").FullName;

    /// <param name="root">The root of the repository.</param>
    public Workshop(string root) => _root = root;

    /// <summary>The folder of the repository that holds the known bugs.</summary>
    public string FishFolder => Path.Combine(_root, Simulator, "Fish");

    /// <summary>The simulator without a bug, once it is prepared.</summary>
    public string Program => Path.Combine(_copy, Simulator, Built, "SuperMassive.Simulator.dll");

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

    /// <summary>Copies the sources and builds them as they are.</summary>
    /// <returns>What went wrong, or null.</returns>
    public string? Prepare()
    {
        foreach (var file in Directory.EnumerateFiles(_root, "Directory.*").Append(Path.Combine(_root, "global.json")))
            File.Copy(file, Path.Combine(_copy, Path.GetFileName(file)));
        CopyFolder(Core);
        CopyFolder(Simulator);
        return Build(Simulator, "");
    }

    /// <summary>Why a bug does not fit the sources as they are; empty when it does.</summary>
    public string Misfit(KnownBug bug) => Edited(_root, bug, out var problem) is null ? problem : "";

    /// <summary>Builds the simulator with one bug, in a folder of its own.</summary>
    /// <returns>The program to run, or null with what went wrong.</returns>
    public string? Build(KnownBug bug, out string problem)
    {
        if (Edited(_copy, bug, out problem) is not { } edited)
            return null;
        var originals = edited.Keys.ToDictionary(path => path, File.ReadAllText);
        try
        {
            foreach (var (path, text) in edited)
                File.WriteAllText(path, text);
            if (Build(Core, "--no-restore --no-dependencies") is { } failure)
            {
                problem = failure;
                return null;
            }
            return Collect(bug.Name);
        }
        finally
        {
            foreach (var (path, text) in originals)
                File.WriteAllText(path, text);
        }
    }

    public void Dispose() => Directory.Delete(_copy, recursive: true);

    /// <returns>The changed files by path; null with the reason when an edit does not match exactly once.</returns>
    private static Dictionary<string, string>? Edited(string root, KnownBug bug, out string problem)
    {
        var texts = new Dictionary<string, string>();
        problem = "";
        foreach (var edit in bug.Edits)
        {
            var (path, changed) = Candidates(root, edit)
                .Select(path => (path, edit.Apply(texts.GetValueOrDefault(path) ?? File.ReadAllText(path), out _)))
                .FirstOrDefault(candidate => candidate.Item2 is not null);
            if (changed is null)
            {
                problem = $"{bug.Name}: neither {edit.File} nor another file of {Core} holds this exactly once:\n{edit.Old}";
                return null;
            }
            texts[path] = changed;
        }
        return texts;
    }

    /// <summary>Code moves: what is not in its file any more is looked for in the others.</summary>
    private static IEnumerable<string> Candidates(string root, Edit edit)
    {
        var named = Path.Combine(root, edit.File);
        var others = Directory.EnumerateFiles(Path.Combine(root, Core), "*.cs", SearchOption.AllDirectories)
            .Where(path => path != named && !Path.GetRelativePath(root, path).Contains("/obj/", StringComparison.Ordinal))
            .Order(StringComparer.Ordinal);
        return File.Exists(named) ? others.Prepend(named) : others;
    }

    private string? Build(string project, string options)
    {
        var start = new ProcessStartInfo("dotnet", $"build {project} {Fast} {options}")
        {
            WorkingDirectory = _copy,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment["MSBUILDDISABLENODEREUSE"] = "1";
        using var process = Process.Start(start)!;
        var errors = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return process.ExitCode == 0 ? null : $"{project} does not build:\n{output}{errors.Result}";
    }

    private string Collect(string name)
    {
        var target = Directory.CreateDirectory(Path.Combine(_copy, "built", name)).FullName;
        foreach (var file in Directory.EnumerateFiles(Path.Combine(_copy, Simulator, Built)))
            File.Copy(file, Path.Combine(target, Path.GetFileName(file)), overwrite: true);
        File.Copy(Path.Combine(_copy, Core, Built, CoreAssembly), Path.Combine(target, CoreAssembly), overwrite: true);
        return Path.Combine(target, "SuperMassive.Simulator.dll");
    }

    private void CopyFolder(string folder)
    {
        var from = Path.Combine(_root, folder);
        foreach (var path in Directory.EnumerateFiles(from, "*", SearchOption.AllDirectories))
        {
            var relative = Path.GetRelativePath(from, path);
            if (relative.Split(Path.DirectorySeparatorChar)[0] is "bin" or "obj")
                continue;
            var target = Path.Combine(_copy, folder, relative);
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            File.Copy(path, target);
        }
    }
}
