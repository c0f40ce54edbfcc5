using System.CommandLine;
using SuperMassive.Cli;
using SuperMassive.Cli.Bench;
using SuperMassive.Cli.Journal;
using SuperMassive.Cli.Manifests;
using SuperMassive.Cli.Shell;
using SuperMassive.Cli.Stat;
using SuperMassive.Cli.Up;

var root = new RootCommand("SuperMassive: a sharded, replicated in-memory key-value database.");

// every command of the tool, one line each
root.Add(UpCommand.Create());
root.Add(ShellCommand.Create());
root.Add(StatCommand.Create());
root.Add(BenchCommand.Create());
root.Add(JournalCommand.Create());
root.Add(ManifestsCommand.Create());

return await Invocation.RunAsync(root, args).ConfigureAwait(false);
