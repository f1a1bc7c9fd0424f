using Azure;
using Azure.AI.Vision.ImageAnalysis;
using ImageAspire.Core.Images;
using ImageAspire.Core.Ports;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace ImageAspire.Azure.Analysis;

/// <summary>Asks Azure AI Vision (Image Analysis 4.0) what is in an image: tags, caption, objects, people and text.</summary>
internal sealed partial class AzureVisionAnalyzer(
    ImageAnalysisClient client, IOptions<VisionOptions> options, TimeProvider time, ILogger<AzureVisionAnalyzer> logger) : IImageAnalyzer
{
    // Captions need regions with GPUs. Found out once per process, by asking.
    private volatile bool _noCaptions;

    /// <inheritdoc />
    public async Task<ImageAnalysis> AnalyzeAsync(ImageRecord record, OpenPicture open, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(record);
        ArgumentNullException.ThrowIfNull(open);
        var input = VisionInput.Choose(record, out var why) ?? throw new AnalyzerRefusedException(FailureCodes.AnalyzerRefused, why!);
        await using var picture = await open(input.Thumbnail, cancellationToken);
        // The client takes the whole picture only. VisionInput bounds it to 20 MB.
        var bytes = await BinaryData.FromStreamAsync(picture, cancellationToken);
        var result = await AskAsync(bytes, cancellationToken);
        return VisionResults.Map(record, input, result, time.GetUtcNow());
    }

    private async Task<ImageAnalysisResult> AskAsync(BinaryData bytes, CancellationToken cancellationToken)
    {
        var features = VisualFeatures.Tags | VisualFeatures.Objects | VisualFeatures.People | VisualFeatures.Read;
        if (options.Value.Captions && !_noCaptions)
            features |= VisualFeatures.Caption;
        var wishes = new ImageAnalysisOptions { Language = options.Value.Language, GenderNeutralCaption = true };
        try
        {
            return await client.AnalyzeAsync(bytes, features, wishes, cancellationToken);
        }
        catch (RequestFailedException error) when (features.HasFlag(VisualFeatures.Caption) && VisionErrors.IsUnsupportedFeature(error))
        {
            LogNoCaptions(logger, error.Message);
            _noCaptions = true;
            return await AskAsync(bytes, cancellationToken);
        }
        catch (RequestFailedException error)
        {
            throw VisionErrors.Translate(error);
        }
        catch (Exception error) when (VisionErrors.IsUnreachable(error, cancellationToken))
        {
            throw new AnalyzerUnavailableException("Azure AI Vision cannot be reached; the image waits.", null, error);
        }
    }

    [LoggerMessage(LogLevel.Warning, "This region of Azure AI Vision offers no captions; going on without. The service said: {Message}")]
    private static partial void LogNoCaptions(ILogger logger, string message);
}
