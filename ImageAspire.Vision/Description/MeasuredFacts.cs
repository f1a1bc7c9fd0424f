using ImageAspire.Core.Images;
using ImageAspire.Imaging;
using ImageAspire.Vision.Analysis;

namespace ImageAspire.Vision.Description;

/// <summary>
/// What can be measured of an image: lightness and colours. A judgement has the confidence 0.5 at its threshold and 1 at the end of its scale.
/// </summary>
/// <param name="Tags">All of them.</param>
/// <param name="Adjectives">For the caption: bright, dark, black and white.</param>
/// <param name="Colours">For the caption: at most two, the one that covers most first.</param>
internal sealed record MeasuredFacts(IReadOnlyList<Claim> Tags, IReadOnlyList<string> Adjectives, IReadOnlyList<string> Colours)
{
    private const int Side = 64;
    private const double Bright = 0.65, Dark = 0.3; // mean of L*/100
    private const double AllGrey = 0.995;
    private const double NamedShare = 0.2; // a colour is named when it covers a fifth

    /// <summary>Measures an image.</summary>
    public static MeasuredFacts Of(RgbPixels image)
    {
        var small = image.Resize(Side, Side).Bytes.Span;
        var counts = new Dictionary<string, int>();
        double lightness = 0;
        for (var at = 0; at < small.Length; at += 3)
        {
            var (red, green, blue) = (small[at], small[at + 1], small[at + 2]);
            lightness += Lightness.Of(red, green, blue);
            var name = BasicColors.NameOf(red, green, blue);
            counts[name] = counts.GetValueOrDefault(name) + 1;
        }

        const double Total = Side * Side;
        var shares = counts.Select(one => (Name: one.Key, Share: one.Value / Total)).OrderByDescending(one => one.Share).ToList();
        return Describe(lightness / Total, shares, shares.Where(one => BasicColors.IsGrey(one.Name)).Sum(one => one.Share) > AllGrey);
    }

    private static MeasuredFacts Describe(double lightness, List<(string Name, double Share)> shares, bool isMonochrome)
    {
        var tags = new List<Claim>();
        if (lightness >= Bright)
            tags.Add(new Claim("bright", Grown(lightness, Bright, 1)));
        if (lightness <= Dark)
            tags.Add(new Claim("dark", Grown(lightness, Dark, 0)));
        if (isMonochrome)
            tags.Add(new Claim("black and white", 1));
        var adjectives = tags.Select(tag => tag.Name).ToList();
        var named = shares.Where(one => one.Share >= NamedShare).ToList();
        tags.AddRange(named.Select(one => new Claim(one.Name, Grown(one.Share, NamedShare, 1))));
        return new MeasuredFacts(tags, adjectives, isMonochrome ? [] : [.. named.Take(2).Select(one => one.Name)]);
    }

    private static double Grown(double value, double threshold, double end) => Math.Min(1, 0.5 + 0.5 * (value - threshold) / (end - threshold));
}
