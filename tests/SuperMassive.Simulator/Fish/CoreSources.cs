using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using SuperMassive.Core;

namespace SuperMassive.Simulator.Fish;

/// <summary>
/// The sources of the core as they are, read once, and built with a few of them changed. Only what changed is parsed again, so that a build
/// takes a second where one from scratch takes ten.
/// </summary>
public sealed class CoreSources
{
    /// <summary>The core's part of the tree, and the name of what it is built into.</summary>
    public const string Folder = "src/SuperMassive.Core";

    public const string AssemblyFile = "SuperMassive.Core.dll";

    /// <summary>More than these follow from them.</summary>
    private const int MaxErrors = 3;

    /// <summary>What the SDK and Directory.Build.props put into every file.</summary>
    private const string Usings = """
        global using System;
        global using System.Collections.Generic;
        global using System.IO;
        global using System.Linq;
        global using System.Threading;
        global using System.Threading.Tasks;
        global using Version = SuperMassive.Core.Storage.Version;
        """;

    private static readonly CSharpParseOptions Language = new(LanguageVersion.Latest);

    private readonly CSharpCompilation _asTheyAre;
    private readonly Dictionary<string, (string Text, SyntaxTree Tree)> _files = [];

    /// <param name="root">The root of the repository.</param>
    public CoreSources(string root)
    {
        foreach (var path in Directory.EnumerateFiles(Path.Combine(root, Folder), "*.cs", SearchOption.AllDirectories))
        {
            var relative = Path.GetRelativePath(root, path);
            if (relative[(Folder.Length + 1)..].Split(Path.DirectorySeparatorChar)[0] is "bin" or "obj")
                continue;
            var text = File.ReadAllText(path);
            _files.Add(relative, (text, Parse(text)));
        }
        // the simulator binds to the version that it was built with
        var version = typeof(IStateMachine).Assembly.GetName().Version;
        _asTheyAre = CSharpCompilation.Create(
            Path.GetFileNameWithoutExtension(AssemblyFile),
            [.. _files.Values.Select(file => file.Tree), Parse(Usings), Parse($"[assembly: System.Reflection.AssemblyVersion(\"{version}\")]")],
            References(),
            new CSharpCompilationOptions(OutputKind.DynamicallyLinkedLibrary)
                .WithOptimizationLevel(OptimizationLevel.Release).WithAllowUnsafe(true).WithNullableContextOptions(NullableContextOptions.Enable));
    }

    /// <summary>The files with the edits of a bug in them, by path below the root.</summary>
    /// <returns>Null with the reason when an edit does not match exactly once.</returns>
    public IReadOnlyDictionary<string, string>? Edited(KnownBug bug, out string problem)
    {
        var texts = new Dictionary<string, string>();
        problem = "";
        foreach (var edit in bug.Edits)
        {
            var (path, changed) = Candidates(edit)
                .Select(path => (path, edit.Apply(texts.GetValueOrDefault(path) ?? _files[path].Text, out _)))
                .FirstOrDefault(candidate => candidate.Item2 is not null);
            if (changed is null)
            {
                problem = $"{bug.Name}: neither {edit.File} nor another file of {Folder} holds this exactly once:\n{edit.Old}";
                return null;
            }
            texts[path] = changed;
        }
        return texts;
    }

    /// <returns>What went wrong; null when the core is in <paramref name="target"/>.</returns>
    public string? Build(IReadOnlyDictionary<string, string> changed, string target)
    {
        var result = With(changed, out _).Emit(target);
        return result.Success ? null : Errors(result.Diagnostics);
    }

    /// <summary>Whether the changed files still compile, without building anything.</summary>
    /// <returns>The errors; empty when there are none.</returns>
    public string ErrorsOf(IReadOnlyDictionary<string, string> changed)
    {
        var compilation = With(changed, out var trees);
        return Errors(trees.SelectMany(tree => compilation.GetSemanticModel(tree).GetDiagnostics()));
    }

    private CSharpCompilation With(IReadOnlyDictionary<string, string> changed, out List<SyntaxTree> trees)
    {
        trees = [];
        var compilation = _asTheyAre;
        foreach (var (path, text) in changed)
        {
            var tree = Parse(text);
            trees.Add(tree);
            compilation = compilation.ReplaceSyntaxTree(_files[path].Tree, tree);
        }
        return compilation;
    }

    private static string Errors(IEnumerable<Diagnostic> diagnostics) =>
        string.Join('\n', diagnostics.Where(diagnostic => diagnostic.Severity == DiagnosticSeverity.Error).Take(MaxErrors));

    /// <summary>Code moves: what is not in its file any more is looked for in the others.</summary>
    private IEnumerable<string> Candidates(Edit edit)
    {
        var others = _files.Keys.Where(path => path != edit.File).Order(StringComparer.Ordinal);
        return _files.ContainsKey(edit.File) ? others.Prepend(edit.File) : others;
    }

    private static SyntaxTree Parse(string text) => CSharpSyntaxTree.ParseText(text, Language);

    /// <summary>What this process runs with is what the core was built against.</summary>
    private static ImmutableArray<MetadataReference> References() =>
    [
        .. ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator)
            .Where(path => Path.GetFileName(path) != AssemblyFile)
            .Select(path => MetadataReference.CreateFromFile(path)),
    ];
}
