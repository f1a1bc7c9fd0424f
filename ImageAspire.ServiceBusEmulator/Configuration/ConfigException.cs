namespace ImageAspire.ServiceBusEmulator.Configuration;

/// <summary>A configuration file that is wrong; the message names line and path.</summary>
internal sealed class ConfigException(string message) : Exception(message);
