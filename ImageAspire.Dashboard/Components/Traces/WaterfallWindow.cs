using ImageAspire.Dashboard.Telemetry;

namespace ImageAspire.Dashboard.Components.Traces;

/// <summary>The part of a waterfall that is sent to the browser: what is not folded away, a page of it.</summary>
/// <param name="Rows">The lines of this page.</param>
/// <param name="Page">Which page it is; the first is 1.</param>
/// <param name="Total">How many lines there are on all pages.</param>
public sealed record WaterfallWindow(IReadOnlyList<WaterfallRow> Rows, int Page, int Total)
{
    /// <summary>Lines of a page.</summary>
    public const int Size = 500;

    /// <summary>Cuts it out.</summary>
    /// <param name="waterfall">All of it.</param>
    /// <param name="collapsed">Spans whose descendants are folded away.</param>
    /// <param name="selected">A span that must be seen: those above it are unfolded, and without a page its page is taken. Empty for none.</param>
    /// <param name="page">The page; 0 to choose.</param>
    public static WaterfallWindow Of(Waterfall waterfall, IReadOnlySet<SpanId> collapsed, SpanId selected, int page)
    {
        var unfolded = Above(waterfall, selected);
        var visible = new List<WaterfallRow>(waterfall.Rows.Count);
        var wanted = -1;
        for (var position = 0; position < waterfall.Rows.Count; position++)
        {
            var row = waterfall.Rows[position];
            if (row.Span.SpanId == selected && !selected.IsEmpty && wanted < 0)
                wanted = visible.Count;
            visible.Add(row);
            if (collapsed.Contains(row.Span.SpanId) && !unfolded.Contains(position))
                position += row.Descendants; // descendants follow their ancestor at once
        }

        var pages = Math.Max(1, (visible.Count + Size - 1) / Size);
        page = Math.Clamp(page > 0 ? page : wanted >= 0 ? (wanted / Size) + 1 : 1, 1, pages);
        var from = (page - 1) * Size;
        return new WaterfallWindow(visible.GetRange(from, Math.Min(Size, visible.Count - from)), page, visible.Count);
    }

    private static HashSet<int> Above(Waterfall waterfall, SpanId selected)
    {
        var above = new HashSet<int>();
        if (selected.IsEmpty)
            return above;
        var row = waterfall.Rows.FirstOrDefault(row => row.Span.SpanId == selected);
        for (var parent = row?.Parent ?? -1; parent >= 0; parent = waterfall.Rows[parent].Parent)
            above.Add(parent);
        return above;
    }
}
