using ImageAspire.Core.Errors;
using ImageAspire.Core.Heartbeats;
using ImageAspire.Core.Images;

namespace ImageAspire.Core.Ports;

/// <summary>Tells what is in an image.</summary>
public interface IImageAnalyzer
{
    /// <summary>Analyses one image.</summary>
    /// <param name="record">The record, inspected; analysers that only measure need nothing else.</param>
    /// <param name="open">Opens the bytes to look at; <see cref="VisionInput"/> says which suit a vision service.</param>
    /// <param name="cancellationToken">The stage's time limit.</param>
    /// <exception cref="AnalyzerUnavailableException">Throttled or down: try again later.</exception>
    /// <exception cref="AnalyzerFailedException">It broke on this image.</exception>
    /// <exception cref="AnalyzerRefusedException">It will never take this image.</exception>
    Task<ImageAnalysis> AnalyzeAsync(ImageRecord record, OpenImage open, CancellationToken cancellationToken);
}

/// <summary>Says whether an analyser is there, at no cost. An analyser that cannot be asked, or that charges for it, has none.</summary>
public interface IAnalyzerProbe
{
    /// <summary>Asks it.</summary>
    /// <exception cref="AnalyzerUnavailableException">It is down, not ready, or does not answer.</exception>
    Task ProbeAsync(CancellationToken cancellationToken);
}

/// <summary>Opens the original (null) or one of the record's thumbnails; forward reading only.</summary>
/// <exception cref="PermanentFailureException">The bytes are gone.</exception>
public delegate Task<Stream> OpenImage(ThumbnailInfo? thumbnail, CancellationToken cancellationToken);

/// <summary>The analyser is throttled, down or unreachable.</summary>
public sealed class AnalyzerUnavailableException(string message, TimeSpan? retryAfter = null, Exception? inner = null) : Exception(message, inner), IFaultSource
{
    /// <summary>How long the analyser asked to be left alone.</summary>
    public TimeSpan? RetryAfter { get; } = retryAfter;

    /// <summary>One of <see cref="FaultCauses"/>; null for what the inner exception means.</summary>
    public string? Cause { get; init; }

    /// <inheritdoc />
    public Fault Fault => Cause is { } cause ? new(cause, DependencyNames.Vision)
        : InnerException is { } inner ? Fault.OfCall(inner, DependencyNames.Vision, FaultCauses.DependencyAway) : new(FaultCauses.DependencyAway, DependencyNames.Vision);
}

/// <summary>The analyser broke on this image: an attempt that counts.</summary>
public sealed class AnalyzerFailedException(string message, Exception? inner = null) : Exception(message, inner), IFaultSource
{
    /// <inheritdoc />
    public Fault Fault { get; } = new(FaultCauses.DependencyFailed, DependencyNames.Vision);
}

/// <summary>The analyser refuses this image for good.</summary>
public sealed class AnalyzerRefusedException(string code, string message) : Exception(message), IFaultSource
{
    /// <summary>The analyser's own code.</summary>
    public string Code { get; } = code;

    /// <inheritdoc />
    public Fault Fault { get; } = new(FaultCauses.ImageRefused);
}
