namespace ImageAspire.ServiceBusEmulator.Filters;

/// <summary>An expression that cannot be read, or not be evaluated for a message.</summary>
internal sealed class FilterException(string message) : Exception(message);
