namespace ImageAspire.Analysis;

/// <summary>A request to analyse one image (Image Analysis 4.0).</summary>
/// <param name="Open">Opens the bytes to send.</param>
internal sealed record VisionRequest(Func<CancellationToken, Task<Stream>> Open)
{
    /// <summary>Image id for the spans of a service of one's own; null so that ids do not leave the system.</summary>
    public Guid? ImageId { get; init; }

    /// <summary>Whether to request a caption, which not every region has.</summary>
    public bool Captions { get; init; } = true;

    /// <summary>Language of tags, by the service's name for it.</summary>
    public string Language { get; init; } = "en";

    /// <summary>Path and query, relative to the endpoint.</summary>
    public Uri Address => new(
        $"computervision/imageanalysis:analyze?api-version=2023-10-01&features=tags,objects,people,{(Captions ? "caption,read" : "read")}"
        + $"&language={Uri.EscapeDataString(Language)}{(Captions ? "&gender-neutral-caption=true" : "")}", UriKind.Relative);
}
