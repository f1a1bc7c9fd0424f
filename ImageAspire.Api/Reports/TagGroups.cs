using ImageAspire.Core.Images;
using ImageAspire.Core.Ports;

namespace ImageAspire.Api.Reports;

/// <summary>Sorts tags by what they say: nearly every image has a colour and is sharp, and these must not hide what is in it.</summary>
internal static class TagGroups
{
    private const string Content = "content", Measured = "measured", Color = "color";
    private static readonly string[] Order = [Content, Measured, Color];

    /// <summary>How many tags that were measured there can be.</summary>
    public static int MaxMeasured => MeasuredFacts.Count;

    /// <summary>The first of each group's most frequent.</summary>
    /// <param name="counts">Most frequent first.</param>
    /// <param name="limit">How many at the most.</param>
    public static IReadOnlyList<TagCount> Sort(IReadOnlyList<FacetCount> counts, int limit) =>
        [.. counts.Select(one => new TagCount(one.Value, one.Count, GroupOf(one.Value))).OrderBy(one => Array.IndexOf(Order, one.Group)).Take(limit)];

    private static string GroupOf(string tag) => MeasuredFacts.IsColor(tag) ? Color : MeasuredFacts.Contains(tag) ? Measured : Content;
}
