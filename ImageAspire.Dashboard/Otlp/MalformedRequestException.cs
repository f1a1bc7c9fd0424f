namespace ImageAspire.Dashboard.Otlp;

/// <summary>A body cannot be taken: it is no protobuf, or no OTLP, or no gzip.</summary>
internal sealed class MalformedRequestException(string message, Exception? inner = null) : Exception(message, inner);

/// <summary>A body is larger, or would take more memory, than is allowed.</summary>
internal sealed class RequestTooLargeException(string message) : Exception(message);
