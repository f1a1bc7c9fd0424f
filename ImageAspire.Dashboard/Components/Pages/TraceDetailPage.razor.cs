using ImageAspire.Dashboard.Components.Text;
using ImageAspire.Dashboard.Components.Traces;
using ImageAspire.Dashboard.Telemetry;
using Microsoft.AspNetCore.Components;

namespace ImageAspire.Dashboard.Components.Pages;

/// <summary>One trace as a waterfall, and one of its spans in full.</summary>
public sealed partial class TraceDetailPage
{
    private const int LogsShown = 2_000;

    private PageAddress _address = null!;
    private Waterfall? _waterfall;
    private WaterfallWindow _window = null!;
    private WaterfallRow? _selected;
    private Span _root = null!;
    private HashSet<SpanId> _collapsed = [];
    private ILookup<SpanId, LogRecord> _logs = null!;
    private int _logCount;
    private int _errors;
    private int _skewed;
    private int _resources;

    /// <summary>The trace: 32 hexadecimal digits.</summary>
    [Parameter]
    public string Id { get; set; } = "";

    /// <inheritdoc/>
    protected override void OnInitialized()
    {
        _address = new PageAddress(Navigation);
        if (!TraceId.TryParse(Id, out var id) || Store.Traces.Find(id) is not { Spans.Count: > 0 } trace)
        {
            Page.AnswerNotFound();
            return;
        }

        Id = id.ToString();
        _waterfall = Waterfall.Of(trace.Spans);
        _root = (_waterfall.Rows.FirstOrDefault(row => row.Depth == 0 && !row.ParentIsMissing) ?? _waterfall.Rows[0]).Span;
        _errors = trace.Spans.Count(span => span.Status == SpanStatus.Error);
        _skewed = _waterfall.Rows.Count(row => row.Early > 0);
        _resources = trace.Spans.Select(span => span.Resource.DisplayName).Distinct(StringComparer.Ordinal).Count();
        _collapsed = CollapsedSpans.Read(_address);
        var selected = SpanId.TryParse(_address["spanId"], out var spanId) ? spanId : default;
        _selected = selected.IsEmpty ? null : _waterfall.Rows.FirstOrDefault(row => row.Span.SpanId == selected);
        _window = WaterfallWindow.Of(_waterfall, _collapsed, selected, _address["page"] is null ? 0 : Pager.Read(_address));
        var (logs, count) = Store.Logs.List(new LogFilter(TraceId: id), 0, LogsShown);
        (_logs, _logCount) = (logs.ToLookup(log => log.SpanId), count);
    }
}
