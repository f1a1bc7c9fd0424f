using ImageAspire.Dashboard.Components.Metrics;
using ImageAspire.Dashboard.Components.Text;
using ImageAspire.Dashboard.Telemetry;
using Microsoft.AspNetCore.Components;

namespace ImageAspire.Dashboard.Components.Pages;

/// <summary>The instruments, and one of them as charts or as a table; every choice is in the address.</summary>
public sealed partial class MetricsPage
{
    // What the form has no field of its own for.
    private static readonly string[] Carried = ["meter", "instrument", "view"];
    private static readonly int[] Percentages = [50, 90, 99];

    private PageAddress _address = null!;
    private string? _resource;
    private IReadOnlyList<Instrument> _instruments = [];
    private Instrument? _instrument;
    private MetricQuery? _query;
    private MetricView? _view;
    private ChartWindow _window;
    private IReadOnlyList<Dimension> _dimensions = [];

    /// <summary>Whose metrics; null for those of all.</summary>
    [Parameter]
    public string? Name { get; set; }

    /// <inheritdoc/>
    protected override void OnInitialized()
    {
        _address = new PageAddress(Navigation);
        _resource = Name ?? _address["resource"];
        _instruments = Store.Metrics.Instruments(_resource);
        _window = ChartWindow.Last(Store.Time.GetUtcNow(), _address["duration"]);
        // An address without a resource shows the instrument of the first that has it.
        if (_address["instrument"] is not { } name || _instruments.FirstOrDefault(one => one.Name == name && one.Meter.Name == (_address["meter"] ?? one.Meter.Name)) is not { } known
            || Store.Metrics.Find(known.Resource.DisplayName, known.Meter.Name, name, _window.Before) is not { } found)
        {
            return;
        }

        _instrument = found.Instrument;
        _query = MetricQuery.Of(_address, _instrument.Kind);
        _dimensions = Dimensions.Of(found.Series);
        _view = MetricView.Of(_instrument, found.Series, _query, _window);
    }
}
