namespace ImageAspire.Core.Ports;

/// <summary>A store or the topic cannot be reached, refuses us, or is full. It is an <see cref="IOException"/>, as the ports promise, that cannot be taken for a fault of a request's body.</summary>
/// <param name="message">What is wrong and what an operator can do.</param>
/// <param name="inner">The driver's error.</param>
public sealed class StoreUnavailableException(string message, Exception? inner = null) : IOException(message, inner);
