namespace ImageAspire.Core.Errors;

/// <summary>A failure that no retry can mend.</summary>
/// <param name="code">Stable code for the image's record.</param>
/// <param name="message">What is wrong and what to do, for people.</param>
/// <param name="inner">The cause.</param>
public sealed class PermanentFailureException(string code, string message, Exception? inner = null) : Exception(message, inner), IFaultSource
{
    /// <summary>Stable code for the image's record.</summary>
    public string Code { get; } = code;

    /// <summary>Why; null when the code tells.</summary>
    public Fault? Fault { get; init; }
}
