using SuperMassive.Simulator;
using SuperMassive.Simulator.Cores;

if (!Options.TryParse(args, out var options, out var error))
{
    Console.Error.WriteLine(error);
    Console.Error.WriteLine(Options.Usage);
    return 2;
}
var campaign = new Campaign(options, CoreTopology.Build, Console.Out);
return options.Replay is { } seed ? campaign.Replay(seed) : campaign.Run();
