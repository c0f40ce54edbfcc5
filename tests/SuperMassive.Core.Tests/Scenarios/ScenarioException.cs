namespace SuperMassive.Core.Tests.Scenarios;

/// <summary>A scenario did not go as it says; the message names file and line, what was expected and what came.</summary>
internal sealed class ScenarioException(string message, Exception? cause = null) : Exception(message, cause);
