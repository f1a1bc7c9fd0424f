namespace ImageAspire.Analysis;

/// <summary>How the messages and failures of one kind of vision service are to be read.</summary>
/// <param name="Name">Its name in messages.</param>
/// <param name="KeyAdvice">A sentence: what to do when it refuses the key or the identity.</param>
/// <param name="AddressAdvice">A sentence: what to do when nothing is at its address.</param>
/// <param name="BusyFor">How long to wait when it is busy without <c>Retry-After</c>.</param>
/// <param name="BreaksOnImages">
/// Whether one image may crash it: then a response of 500 and a connection that ends early count as attempts. Otherwise the image waits.
/// </param>
internal sealed record VisionServiceProfile(string Name, string KeyAdvice, string AddressAdvice, TimeSpan BusyFor, bool BreaksOnImages)
{
    /// <summary>Whether its texts and images have vectors of one model.</summary>
    public bool HasOneSpace { get; init; }

    /// <summary>A service of one's own (section <c>Vision</c>).</summary>
    public static readonly VisionServiceProfile Local = new(
        "The vision service", "Correct Vision:Key.", "Correct Vision:Endpoint.", TimeSpan.FromSeconds(2), BreaksOnImages: true);
}
