using System.Globalization;
using ImageAspire.Dashboard.Components.Text;
using ImageAspire.Dashboard.Telemetry;
using Microsoft.AspNetCore.Components;

namespace ImageAspire.Dashboard.Components.Pages;

/// <summary>The traces, the latest first; all filters are in the address.</summary>
public sealed partial class TracesPage
{
    private const int Size = 100;
    private const int Badges = 6;

    private static readonly (string Milliseconds, string Label)[] Durations =
        [("", "(Any)"), ("1", "1 ms"), ("10", "10 ms"), ("100", "100 ms"), ("500", "500 ms"), ("1000", "1 s"), ("5000", "5 s"), ("30000", "30 s")];

    private IReadOnlyList<(string Milliseconds, string Label)> _durations = Durations;
    private PageAddress _address = null!;
    private TraceFilter _filter = new();
    private string? _resource;
    private int _page;
    private int _total;
    private long _longest = 1;
    private IReadOnlyList<TraceSummary> _items = [];

    /// <summary>A resource that has a part in the traces; null for all traces.</summary>
    [Parameter]
    public string? Name { get; set; }

    /// <inheritdoc/>
    protected override void OnInitialized()
    {
        _address = new PageAddress(Navigation);
        _resource = Name ?? _address["resource"];
        var least = double.TryParse(_address["min"], NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var milliseconds) ? Math.Min(milliseconds, 1e9) : 0;
        _filter = new TraceFilter(_resource, _address["errors"] == "true" ? true : null, _address["text"], (long)(least * 1e6));
        // An address may ask for any duration: the field then says so.
        if (least > 0 && !Durations.Any(one => one.Milliseconds == _address["min"]))
            _durations = [.. Durations, (_address["min"]!, Display.Duration(_filter.MinDuration))];
        _page = Pager.Read(_address);
        (_items, _total) = Store.Traces.List(_filter, (_page - 1) * Size, Size);
        if (_items.Count == 0 && _page > 1 && _total > 0)
        {
            _page = (_total + Size - 1) / Size;
            (_items, _total) = Store.Traces.List(_filter, (_page - 1) * Size, Size);
        }

        _longest = Math.Max(1, _items.Select(trace => trace.Duration).DefaultIfEmpty(1).Max());
    }
}
