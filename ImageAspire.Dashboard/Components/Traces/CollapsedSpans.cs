using ImageAspire.Dashboard.Components.Text;
using ImageAspire.Dashboard.Telemetry;

namespace ImageAspire.Dashboard.Components.Traces;

/// <summary>The spans that are folded, in the address: a link to a page shows it as it was seen.</summary>
internal static class CollapsedSpans
{
    // 17 characters each: the address stays within what browsers and servers take.
    private const int Most = 100;

    /// <summary>Reads them.</summary>
    public static HashSet<SpanId> Read(PageAddress address)
    {
        var collapsed = new HashSet<SpanId>();
        foreach (var text in (address["collapsed"] ?? "").Split('.', Most + 1, StringSplitOptions.RemoveEmptyEntries))
        {
            if (SpanId.TryParse(text, out var id) && collapsed.Count < Most)
                collapsed.Add(id);
        }

        return collapsed;
    }

    /// <summary>The address with one more folded, or one fewer. The page of rows changes with that, so it is chosen anew.</summary>
    public static string Toggle(PageAddress address, IReadOnlySet<SpanId> collapsed, SpanId span)
    {
        var ids = collapsed.Contains(span) ? collapsed.Where(id => id != span) : collapsed.Append(span).TakeLast(Most);
        return address.With(("collapsed", string.Join('.', ids)));
    }
}
