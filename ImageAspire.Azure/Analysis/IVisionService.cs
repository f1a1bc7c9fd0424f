using ImageAspire.Analysis;
using ImageAspire.Core.Ports;

namespace ImageAspire.Azure.Analysis;

/// <summary>Azure AI Vision. Twins: VisionBySdk.cs asks by the SDK; VisionByRest.cs, compiled where the feed lacks it, asks the same REST API.</summary>
internal interface IVisionService
{
    /// <summary>Asks for tags, objects, people and text.</summary>
    /// <param name="image">The encoded image.</param>
    /// <param name="captions">Ask for a caption, too.</param>
    /// <param name="cancellationToken">The stage's time limit.</param>
    /// <exception cref="AnalyzerUnavailableException">Throttled, down, unreachable, or it refuses this service.</exception>
    /// <exception cref="AnalyzerRefusedException">It does not take this image, or offers no captions; the code is the service's.</exception>
    Task<VisionAnswer> AskAsync(BinaryData image, bool captions, CancellationToken cancellationToken);
}
