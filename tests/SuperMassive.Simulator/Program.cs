using SuperMassive.Simulator;
using SuperMassive.Simulator.Cores;
using SuperMassive.Simulator.Fish;

return args is ["fish", .. var words] ? Fish(words) : Simulate(args);

static int Fish(string[] words)
{
    if (!FishOptions.TryParse(words, out var options, out var error))
        return Refuse(error, FishOptions.Usage);
    return new FishingTrip(options, Console.Out).Run();
}

static int Simulate(string[] words)
{
    if (!Options.TryParse(words, out var options, out var error))
        return Refuse(error, Options.Usage);
    var campaign = new Campaign(options, CoreTopology.Build, Console.Out);
    return options.Replay is { } seed ? campaign.Replay(seed) : campaign.Run();
}

static int Refuse(string error, string usage)
{
    Console.Error.WriteLine(error);
    Console.Error.WriteLine(usage);
    return 2;
}
