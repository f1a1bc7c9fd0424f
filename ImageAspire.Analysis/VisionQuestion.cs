namespace ImageAspire.Analysis;

/// <summary>What a vision service is asked.</summary>
/// <param name="Open">Opens the bytes that it is shown.</param>
internal sealed record VisionQuestion(Func<CancellationToken, Task<Stream>> Open)
{
    /// <summary>Id of the image, for the spans of a service of one's own; null to keep it to ourselves.</summary>
    public Guid? Image { get; init; }

    /// <summary>Ask for a caption, too.</summary>
    public bool Captions { get; init; } = true;

    /// <summary>Language of tags, as the service names it.</summary>
    public string Language { get; init; } = "en";

    /// <summary>Path and query of the REST API (Image Analysis 4.0).</summary>
    public Uri Address => new(
        $"computervision/imageanalysis:analyze?api-version=2023-10-01&features=tags,objects,people,{(Captions ? "caption,read" : "read")}"
        + $"&language={Uri.EscapeDataString(Language)}{(Captions ? "&gender-neutral-caption=true" : "")}", UriKind.Relative);
}
