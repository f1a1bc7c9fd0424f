using ImageAspire.Analysis;
using ImageAspire.Core.Images;
using ImageAspire.Core.Ports;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace ImageAspire.Azure.Analysis;

/// <summary>Asks Azure AI Vision (Image Analysis 4.0) what is in an image: tags, caption, objects, people and text.</summary>
internal sealed partial class AzureVisionAnalyzer(
    IVisionService service, IOptions<VisionOptions> options, TimeProvider time, ILogger<AzureVisionAnalyzer> logger) : IImageAnalyzer
{
    /// <summary>What its failures mean.</summary>
    public static readonly VisionServiceKind Kind = new(
        "Azure AI Vision", "Give this service's identity the role 'Cognitive Services User', or correct the key.",
        "Correct the connection string 'vision'.", TimeSpan.FromSeconds(10), BreaksOnImages: false);

    // The service lists dozens of faint people; below this it is guessing ("People detection", concept page of Image Analysis 4.0).
    private const double FaintestPerson = 0.5;

    // Captions need regions with GPUs. Found out once per process, by asking.
    private volatile bool _noCaptions;

    /// <inheritdoc />
    public async Task<ImageAnalysis> AnalyzeAsync(ImageRecord record, OpenImage open, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(record);
        ArgumentNullException.ThrowIfNull(open);
        var input = VisionInput.Choose(record, out var why) ?? throw new AnalyzerRefusedException(FailureCodes.AnalyzerRefused, why!);
        await using var stream = await open(input.Thumbnail, cancellationToken);
        // Whole, because it may be sent twice. VisionInput bounds it to 20 MB.
        var bytes = await BinaryData.FromStreamAsync(stream, cancellationToken);
        var analysis = VisionMapping.Of("azure-ai-vision", record, input, await AskAsync(bytes, cancellationToken), time.GetUtcNow(), FaintestPerson);
        return analysis with { Caption = Sentence(analysis.Caption) };
    }

    private async Task<VisionAnswer> AskAsync(BinaryData bytes, CancellationToken cancellationToken)
    {
        var captions = options.Value.Captions && !_noCaptions;
        try
        {
            return await service.AskAsync(bytes, captions, cancellationToken);
        }
        catch (AnalyzerRefusedException error) when (captions && IsNotOffered(error))
        {
            LogNoCaptions(logger, error.Message);
            _noCaptions = true;
            return await service.AskAsync(bytes, captions: false, cancellationToken);
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

    [LoggerMessage(LogLevel.Warning, "This region of Azure AI Vision offers no captions; going on without. The service said: {Message}")]
    private static partial void LogNoCaptions(ILogger logger, string message);
}
