using ImageAspire.Core.Ports;

namespace ImageAspire.Analysis;

/// <summary>The Image Analysis 4.0 API of a vision service.</summary>
internal interface IVisionClient
{
    /// <summary>Requests the analysis of one image.</summary>
    /// <exception cref="AnalyzerUnavailableException">The service is down, busy, hangs, or refuses the key or identity.</exception>
    /// <exception cref="AnalyzerRefusedException">The service refuses this image; the code is the service's.</exception>
    /// <exception cref="HttpRequestException">The service broke on this image.</exception>
    Task<VisionResult> AnalyzeAsync(VisionRequest request, CancellationToken cancellationToken);
}
