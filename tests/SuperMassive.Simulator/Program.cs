using SuperMassive.Simulator;

if (!Options.TryParse(args, out var options, out var error))
{
    Console.Error.WriteLine(error);
    Console.Error.WriteLine(Options.Usage);
    return 2;
}
Console.Error.WriteLine("no topology is plugged in yet");
return 2;
