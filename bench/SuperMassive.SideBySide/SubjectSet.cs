using Spectre.Console;

namespace SuperMassive.SideBySide;

/// <summary>Everything that is measured, running, with its data in one temporary folder.</summary>
internal sealed class SubjectSet : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("supermassive-bench-");
    private readonly Ports _ports = new();
    private readonly List<Subject> _subjects = [];

    public IReadOnlyList<Subject> Subjects => _subjects;

    public string Folder => _folder.FullName;

    /// <exception cref="MeasurementException">Something that is there does not start.</exception>
    public async Task StartAsync(CancellationToken cancel)
    {
        await AddAsync("cluster", folder => OwnSubjects.ClusterAsync(folder, _ports, cancel)).ConfigureAwait(false);
        await AddAsync("up", folder => OwnSubjects.UpAsync(folder, _ports, cancel)).ConfigureAwait(false);
        var redis = Find("redis-server");
        var nutcracker = Find("nutcracker");
        if (redis is not null)
            await AddAsync("redis", folder => PeerSubjects.RedisAsync(redis, folder, _ports, cancel)).ConfigureAwait(false);
        if (redis is not null && nutcracker is not null)
        {
            await AddAsync("twemproxy", folder => PeerSubjects.TwemproxyAsync(nutcracker, redis, folder, _ports, cancel))
                .ConfigureAwait(false);
        }
        if (Find("garnet-server") is { } garnet)
            await AddAsync("garnet", folder => PeerSubjects.GarnetAsync(garnet, folder, _ports, cancel)).ConfigureAwait(false);
    }

    /// <summary>The same system with each of these numbers of nodes, all in one process each.</summary>
    /// <exception cref="MeasurementException">One does not start.</exception>
    public async Task StartNodeCountsAsync(IReadOnlyList<int> counts, CancellationToken cancel)
    {
        foreach (var nodes in counts)
        {
            var id = $"up-{nodes}";
            await AddAsync(id, folder => OwnSubjects.UpAsync(id, $"supermassive up, {nodes} nodes", nodes, folder, _ports, cancel))
                .ConfigureAwait(false);
        }
    }

    public void Dispose()
    {
        foreach (var subject in _subjects)
            subject.Dispose();
        _folder.Delete(recursive: true);
    }

    private static string? Find(string program)
    {
        var path = PeerSubjects.Find(program);
        if (path is null)
            AnsiConsole.WriteLine($"not found, so not measured: {program}");
        return path;
    }

    private async Task AddAsync(string id, Func<string, Task<Subject>> start)
    {
        var folder = Path.Combine(Folder, id);
        Directory.CreateDirectory(folder);
        var subject = await start(folder).ConfigureAwait(false);
        _subjects.Add(subject);
        AnsiConsole.WriteLine($"started: {subject.Title}");
    }
}
