using ImageAspire.Analysis;
using ImageAspire.Core.Images;
using ImageAspire.Core.Ports;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace ImageAspire.Azure.Analysis;

/// <summary>Analyses images with Azure AI Vision (Image Analysis 4.0): tags, caption, objects, people and text.</summary>
internal sealed partial class AzureVisionAnalyzer(
    IVisionClient client, IOptions<AzureVisionOptions> options, TimeProvider time, ILogger<AzureVisionAnalyzer> logger) : IImageAnalyzer
{
    public static readonly VisionServiceProfile Profile = new(
        "Azure AI Vision", "Give this service's identity the role 'Cognitive Services User', or correct the key.",
        "Correct the connection string 'vision'.", TimeSpan.FromSeconds(10), BreaksOnImages: false) { HasOneSpace = true };

    // The service lists dozens of improbable people; below this confidence it guesses ("People detection", concept page of Image Analysis 4.0).
    private const double MinPersonConfidence = 0.5;

    // Captions need regions with GPUs. Detected once per process, by the service's refusal.
    private volatile bool _noCaptions;

    /// <inheritdoc />
    public async Task<ImageAnalysis> AnalyzeAsync(ImageRecord record, OpenImage open, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(record);
        ArgumentNullException.ThrowIfNull(open);
        var input = VisionInput.Choose(record, out var why) ?? throw new AnalyzerRefusedException(FailureCodes.AnalyzerRefused, why!);
        await using var stream = await open(input.Thumbnail, cancellationToken);
        // In memory, because it may be sent twice. VisionInput bounds it to 20 MB.
        var bytes = await BinaryData.FromStreamAsync(stream, cancellationToken);
        var analysis = VisionMapping.Of("azure-ai-vision", record, input, await RequestAsync(bytes, cancellationToken), time.GetUtcNow(), MinPersonConfidence);
        return analysis with { Caption = Sentence(analysis.Caption) };
    }

    private async Task<VisionResult> RequestAsync(BinaryData bytes, CancellationToken cancellationToken)
    {
        var request = new VisionRequest(_ => Task.FromResult(bytes.ToStream()))
        {
            Captions = options.Value.Captions && !_noCaptions, Language = options.Value.Language,
        };
        try
        {
            return await client.AnalyzeAsync(request, cancellationToken);
        }
        catch (AnalyzerRefusedException error) when (request.Captions && IsNotOffered(error))
        {
            LogNoCaptions(logger, error.Message);
            _noCaptions = true;
            return await client.AnalyzeAsync(request with { Captions = false }, cancellationToken);
        }
    }

    private static bool IsNotOffered(AnalyzerRefusedException error) =>
        error.Code == "NotSupportedVisualFeature" || error.Message.Contains("not supported in this region", StringComparison.OrdinalIgnoreCase);

    private static string? Sentence(string? text)
    {
        if (string.IsNullOrWhiteSpace(text))
            return null;
        var trimmed = text.Trim();
        return char.ToUpperInvariant(trimmed[0]) + trimmed[1..] + (trimmed[^1] is '.' or '!' or '?' ? "" : ".");
    }

    [LoggerMessage(LogLevel.Warning, "This region of Azure AI Vision offers no captions; continuing without. The service said: {Message}")]
    private static partial void LogNoCaptions(ILogger logger, string message);
}
