namespace ImageAspire.Analysis;

/// <summary>What kinds of vision service differ in.</summary>
/// <param name="Name">What messages call it.</param>
/// <param name="KeyAdvice">A sentence: what to do when it refuses the key or the identity.</param>
/// <param name="AddressAdvice">A sentence: what to do when nothing is at its address.</param>
/// <param name="BusyFor">How long it is left alone when it is busy and does not say how long.</param>
/// <param name="BreaksOnImages">
/// Whether one image may bring it down: then an answer of 500 and a connection that ends early count as attempts. Otherwise the image waits.
/// </param>
internal sealed record VisionServiceKind(string Name, string KeyAdvice, string AddressAdvice, TimeSpan BusyFor, bool BreaksOnImages)
{
    /// <summary>A service of one's own (section <c>Vision</c>).</summary>
    public static readonly VisionServiceKind Local = new(
        "The vision service", "Correct Vision:Key.", "Correct Vision:Endpoint.", TimeSpan.FromSeconds(2), BreaksOnImages: true);
}
