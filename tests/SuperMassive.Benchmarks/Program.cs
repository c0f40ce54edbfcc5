using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Running;
using BenchmarkDotNet.Toolchains.InProcess.Emit;
using SuperMassive.Benchmarks;
using SuperMassive.Benchmarks.Memory;

if (args is ["memory", ..])
    return MemoryCommand.Run(args[1..]);
if (args is ["bystanders", ..])
    return BystanderCommand.Run(args[1..]);

// in this process: building one for each benchmark takes longer than running them all
var config = ManualConfig.Create(DefaultConfig.Instance)
    .AddJob(Job.ShortRun.WithToolchain(InProcessEmitToolchain.Instance).AsDefault())
    .WithArtifactsPath(Path.Combine(Path.GetTempPath(), "SuperMassive.Benchmarks"));
BenchmarkSwitcher.FromAssembly(typeof(Rig).Assembly).Run(args, config);
return 0;
