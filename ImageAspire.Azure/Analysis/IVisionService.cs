using ImageAspire.Analysis;
using ImageAspire.Core.Ports;

namespace ImageAspire.Azure.Analysis;

/// <summary>Azure AI Vision. VisionBySdk.cs uses the SDK; VisionByRest.cs, compiled where the feed lacks it, calls the same REST API.</summary>
internal interface IVisionService
{
    /// <summary>Requests tags, objects, people and text.</summary>
    /// <param name="image">The encoded image.</param>
    /// <param name="captions">Whether to request a caption too.</param>
    /// <param name="cancellationToken">The stage's time limit.</param>
    /// <exception cref="AnalyzerUnavailableException">The service throttles, is down or unreachable, or refuses access.</exception>
    /// <exception cref="AnalyzerRefusedException">The service refuses this image, or has no captions; the code is the service's.</exception>
    Task<VisionAnswer> AskAsync(BinaryData image, bool captions, CancellationToken cancellationToken);
}
