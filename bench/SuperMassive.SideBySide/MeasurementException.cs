namespace SuperMassive.SideBySide;

/// <summary>A measurement that cannot be made; the message says why, with the log of whoever is to blame.</summary>
internal sealed class MeasurementException(string message) : Exception(message);
