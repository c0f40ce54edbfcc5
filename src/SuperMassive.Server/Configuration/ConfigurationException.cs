namespace SuperMassive.Server.Configuration;

/// <summary>A configuration that cannot be used, with everything that is wrong with it.</summary>
/// <param name="problems">One line each: <c>FILE:LINE: key: what is wrong; expected …</c>.</param>
public sealed class ConfigurationException(IReadOnlyList<string> problems) : Exception(string.Join('\n', problems))
{
    public IReadOnlyList<string> Problems { get; } = problems;
}
