using BenchmarkDotNet.Running;
using SuperMassive.Benchmarks;

BenchmarkSwitcher.FromAssembly(typeof(Rig).Assembly).Run(args);
