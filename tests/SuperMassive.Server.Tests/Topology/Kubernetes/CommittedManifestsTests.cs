using System.Globalization;
using System.Xml.Linq;
using SuperMassive.Server.Configuration;
using SuperMassive.Topology.Kubernetes;

namespace SuperMassive.Topology.Tests.Kubernetes;

/// <summary>What the repository holds beside the generator agrees with it.</summary>
public sealed class CommittedManifestsTests
{
    private const string Regenerate =
        "run `dotnet run --project src/SuperMassive.Cli -- manifests --output manifests/kubernetes` and commit what it changes";

    [Fact]
    public void Committed_files_are_the_default_topologys()
    {
        var folder = Path.Combine(Root(), "manifests", "kubernetes");
        var generated = KubernetesManifests.Create(new KubernetesSettings()).ToDictionary(file => file.Name, file => file.Text);
        var committed = Directory.GetFileSystemEntries(folder).ToDictionary(path => Path.GetFileName(path), File.ReadAllText);
        var different = generated.Keys.Union(committed.Keys).Order(StringComparer.Ordinal)
            .Where(name => generated.GetValueOrDefault(name) != committed.GetValueOrDefault(name)).ToList();
        Assert.True(
            different.Count == 0, $"manifests/kubernetes: {string.Join(", ", different)}: not what the generator writes; {Regenerate}");
    }

    /// <summary>The manifests run the images that publishing makes.</summary>
    [Theory]
    [InlineData(ServiceKind.Cluster)]
    [InlineData(ServiceKind.Node)]
    [InlineData(ServiceKind.Replica)]
    public void Images_are_those_of_the_project_files(ServiceKind kind)
    {
        var project = XDocument.Load(Path.Combine(Root(), "src", $"SuperMassive.{kind}", $"SuperMassive.{kind}.csproj"));
        var set = Deployment.Of(2, 1).StatefulSets.First(set => Deployment.KindOf(set) == kind);
        var version = XDocument.Load(Path.Combine(Root(), "Directory.Build.props")).Descendants("Version").Single().Value;
        Assert.Equal("$(Version)", Property("ContainerImageTag"));
        Assert.Equal($"{Property("ContainerRepository")}:{version}", Deployment.Container(set).Image);
        Assert.Equal($"{set.Spec.Template.Spec.SecurityContext.RunAsUser}", Property("ContainerUser"));
        Assert.Equal(
            Deployment.Container(set).Ports.Select(port => port.ContainerPort.ToString(CultureInfo.InvariantCulture)),
            project.Descendants("ContainerPort").Select(port => port.Attribute("Include")?.Value));

        string Property(string name) => project.Descendants(name).Single().Value;
    }

    private static string Root()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "SuperMassive.sln")))
                return folder.FullName;
        }
        throw new DirectoryNotFoundException($"no folder with SuperMassive.sln above {AppContext.BaseDirectory}");
    }
}
