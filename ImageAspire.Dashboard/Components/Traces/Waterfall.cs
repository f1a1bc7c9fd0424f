using ImageAspire.Dashboard.Telemetry;

namespace ImageAspire.Dashboard.Components.Traces;

/// <summary>One line of a waterfall.</summary>
/// <param name="Span">The span.</param>
/// <param name="Depth">How deep it is; 0 for the outermost.</param>
/// <param name="Descendants">How many spans are below it.</param>
/// <param name="Parent">Position of its parent in the same list; -1 for none.</param>
/// <param name="ParentIsMissing">Its parent never arrived, or is below itself: it is shown outermost.</param>
/// <param name="Early">How much earlier than its parent it says that it began, in nanoseconds; 0 when it did not. Clocks differ.</param>
/// <param name="Left">Where its bar begins, as a share of the axis.</param>
/// <param name="Width">How long its bar is, as a share of the axis.</param>
public sealed record WaterfallRow(Span Span, int Depth, int Descendants, int Parent, bool ParentIsMissing, long Early, double Left, double Width);

/// <summary>The spans of a trace as a tree, drawn over time.</summary>
/// <param name="Rows">All of its spans: parents before their children, siblings in order of start.</param>
/// <param name="Start">Where the axis begins, in nanoseconds since 1970-01-01 UTC.</param>
/// <param name="Length">How long the axis is, in nanoseconds; at least 1.</param>
public sealed record Waterfall(IReadOnlyList<WaterfallRow> Rows, long Start, long Length)
{
    /// <summary>How deep the tree is: 1 when there are only outermost spans.</summary>
    public int Depth => Rows.Count == 0 ? 0 : Rows.Max(row => row.Depth) + 1;

    /// <summary>
    /// Puts the spans in order. Whatever was sent is shown: parents that never arrived, spans that are their own ancestors, ids that are
    /// there twice, clocks that differ. Takes time in proportion to the spans, and no stack: a chain of 20,000 is fine.
    /// </summary>
    public static Waterfall Of(IReadOnlyList<Span> spans)
    {
        var tree = SpanTree.Of(spans);
        var (start, length) = Axis(spans, tree);
        var rows = new WaterfallRow[tree.Order.Count];
        for (var position = 0; position < rows.Length; position++)
        {
            var node = tree.Order[position];
            var span = spans[node.Index];
            var early = node.Parent < 0 ? 0 : Math.Max(0, rows[node.Parent].Span.Start - span.Start);
            var (left, width) = Bar(span, start, length);
            rows[position] = new WaterfallRow(span, node.Depth, tree.Descendants[position], node.Parent, node.ParentIsMissing, early, left, width);
        }

        return new Waterfall(rows, start, length);
    }

    // The axis begins with the outermost spans. A span that says it is earlier than those has another clock: a little earlier is
    // given room, but one that is hours off would leave nothing to see of the others, so it is drawn at the edge.
    private static (long Start, long Length) Axis(IReadOnlyList<Span> spans, SpanTree tree)
    {
        if (spans.Count == 0)
            return (0, 1);
        var roots = tree.Order.Where(node => node.Depth == 0 && !node.ParentIsMissing).Select(node => spans[node.Index].Start).DefaultIfEmpty(long.MaxValue).Min();
        if (roots == long.MaxValue)
            roots = spans.Min(span => span.Start);
        var end = Math.Max(roots, spans.Max(span => span.End));
        var room = (end - roots) / 4;
        var start = spans.Where(span => span.Start >= roots - room).Select(span => span.Start).DefaultIfEmpty(roots).Min();
        return (Math.Min(start, roots), Math.Max(1, end - Math.Min(start, roots)));
    }

    private static (double Left, double Width) Bar(Span span, long start, long length)
    {
        var left = Math.Clamp((double)(span.Start - start) / length, 0, 1);
        var right = Math.Clamp((double)(span.End - start) / length, 0, 1);
        return (left, Math.Max(0, right - left));
    }
}
