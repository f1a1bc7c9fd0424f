using System.Globalization;
using System.Text;
using ImageAspire.Vision.Objects;

namespace ImageAspire.Benchmarks.Sight;

/// <summary>The tables of docs/vision.md.</summary>
internal static class SightTable
{
    /// <summary>A row for each class, then scenes, stamps and all.</summary>
    public static string Of(IReadOnlyList<SightPhoto> photos, Thresholds thresholds)
    {
        var table = new StringBuilder("| class | in photos | found | wrong | precision | recall |\n|---|---|---|---|---|---|\n");
        var rows = CocoClasses.Names.Select(name => (Name: name, Count: new SightCount(photos, thresholds, name)))
            .Where(row => row.Count != new SightCount(0, 0, 0))
            .OrderByDescending(row => row.Count.Right + row.Count.Missed).ThenBy(row => row.Name, StringComparer.Ordinal);
        foreach (var (name, count) in rows)
            Append(table, name, count);
        foreach (var stamps in new[] { false, true })
        {
            var group = photos.Where(photo => photo.IsStamp == stamps).ToList();
            Append(table, $"**{(stamps ? "stamps" : "scenes")}** ({group.Count} photos)", new SightCount(group, thresholds));
        }

        Append(table, "**all**", new SightCount(photos, thresholds));
        return table.ToString();
    }

    /// <summary>Precision and recall by the least evidence of a class.</summary>
    public static string OfThresholds(IReadOnlyList<SightPhoto> photos, IEnumerable<float> candidates)
    {
        var table = new StringBuilder("| least evidence | precision | recall |\n|---|---|---|\n");
        foreach (var least in candidates)
        {
            var count = new SightCount(photos, Thresholds.Chosen with { Class = least });
            table.AppendLine(CultureInfo.InvariantCulture, $"| {least:0.00} | {Share(count.Precision)} | {Share(count.Recall)} |");
        }

        return table.ToString();
    }

    private static void Append(StringBuilder table, string name, SightCount count) => table.AppendLine(CultureInfo.InvariantCulture,
        $"| {name} | {count.Right + count.Missed} | {count.Right} | {count.Wrong} | {Share(count.Precision)} | {Share(count.Recall)} |");

    private static string Share(double share) => double.IsNaN(share) ? "–" : share.ToString("0.00", CultureInfo.InvariantCulture);
}
