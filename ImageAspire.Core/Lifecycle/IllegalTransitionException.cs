namespace ImageAspire.Core.Lifecycle;

/// <summary>A transition that the lifecycle does not allow.</summary>
/// <param name="code">Stable code.</param>
/// <param name="message">What is wrong and what to do.</param>
public sealed class IllegalTransitionException(string code, string message) : InvalidOperationException(message)
{
    /// <summary>Stable code, for example <c>image-rejected</c>.</summary>
    public string Code { get; } = code;
}
