using System.Text;
using SuperMassive.Core.Protocol;

namespace SuperMassive.Core.Tests.Protocol;

public sealed class CommandTableTests
{
    private static readonly Port[] AllPorts = Enum.GetValues<Port>();

    [Fact]
    public void Every_row_is_found_by_its_name_in_any_case_and_only_at_its_ports()
    {
        foreach (var row in CommandTable.Rows)
        {
            foreach (var port in AllPorts)
            {
                var atPort = (Ports)(1 << (int)port);
                var expected = CommandTable.Rows.SingleOrDefault(other => other.Name == row.Name && other.Ports.HasFlag(atPort));
                Assert.Same(expected, CommandTable.Find(Encoding.ASCII.GetBytes(row.Name), port));
                Assert.Same(expected, CommandTable.Find(Encoding.ASCII.GetBytes(row.Name.ToLowerInvariant()), port));
            }
        }
    }

    [Fact]
    public void No_other_name_is_found()
    {
        foreach (var row in CommandTable.Rows)
        {
            var name = Encoding.ASCII.GetBytes(row.Name);
            for (var position = 0; position < name.Length; position++)
            {
                for (var value = 0; value < 256; value++)
                {
                    byte[] other = [.. name];
                    other[position] = (byte)value;
                    foreach (var port in AllPorts)
                    {
                        if (CommandTable.Find(other, port) is { } found)
                            Assert.Equal(found.Name, Encoding.Latin1.GetString(other), ignoreCase: true);
                    }
                }
            }
            Assert.Null(CommandTable.Find([.. name, 0], Port.Node));
            Assert.Null(CommandTable.Find([0, .. name], Port.Node));
        }
        Assert.Null(CommandTable.Find([], Port.Cluster));
        Assert.Null(CommandTable.Find(new byte[CommandTable.MaxNameBytes + 1], Port.Cluster));
    }

    [Fact]
    public void Rows_are_well_formed()
    {
        Assert.All(CommandTable.Rows, row =>
        {
            Assert.InRange(row.Name.Length, 1, CommandTable.MaxNameBytes);
            Assert.Equal(row.Name.ToUpperInvariant(), row.Name);
            Assert.InRange(row.MinArguments, 0, row.MaxArguments);
            Assert.InRange(row.MaxArguments, row.Arguments.Length, Command.MaxArguments);
            Assert.True(row.Accepts(row.MinArguments) && row.Accepts(row.MaxArguments));
            Assert.NotEqual(Ports.None, row.Ports);
            Assert.NotEqual(Senders.None, row.Senders);
        });
        Assert.Equal(Enum.GetValues<Verb>().Except([Verb.None]), CommandTable.Rows.Select(row => row.Verb).Distinct().Order());
    }

    [Fact]
    public void Only_three_verbs_are_for_somebody_unknown_to_a_cluster()
    {
        var open = CommandTable.Rows.Where(row => row.MayBeSentBy(Senders.None))
            .ToLookup(row => row.Ports.HasFlag(Ports.Cluster), row => row.Name);
        Assert.Equal(["AUTH", "PING", "QUIT"], open[true].Order());
        Assert.Equal(["NAUTH"], open[false]);
    }

    [Fact]
    public void A_replica_takes_no_write_from_a_cluster() =>
        Assert.DoesNotContain(
            CommandTable.Rows, row => row.Ports.HasFlag(Ports.Replica) && row.Mutates && row.MayBeSentBy(Senders.Cluster));
}
