using ImageAspire.Vision.Analysis;
using ImageAspire.Vision.Objects;

namespace ImageAspire.Vision.Description;

/// <summary>Tags of an image.</summary>
internal static class Tags
{
    private static readonly Claim Text = new("text", 0.9);

    /// <summary>
    /// Its things and their super-categories, each as sure as the surest thing, text when there is some, and the measured facts. Most
    /// confident first, each name once.
    /// </summary>
    public static IReadOnlyList<Claim> Of(IReadOnlyList<SeenObject> objects, MeasuredFacts facts, bool hasText)
    {
        var categories = objects.Select(one => (Name: CocoClasses.CategoryOf(one.Name), one.Confidence))
            .Where(one => one.Name is not null).Select(one => new Claim(one.Name!, one.Confidence));
        return
        [
            .. objects.Select(one => new Claim(one.Name, one.Confidence)).Concat(categories).Concat(hasText ? [Text] : []).Concat(facts.Tags)
                .GroupBy(claim => claim.Name).Select(group => group.MaxBy(claim => claim.Confidence)!).OrderByDescending(claim => claim.Confidence),
        ];
    }
}
