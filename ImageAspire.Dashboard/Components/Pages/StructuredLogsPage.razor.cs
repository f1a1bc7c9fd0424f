using System.Globalization;
using ImageAspire.Dashboard.Components.Text;
using ImageAspire.Dashboard.Telemetry;
using Microsoft.AspNetCore.Components;

namespace ImageAspire.Dashboard.Components.Pages;

/// <summary>The structured logs: a list with filters, all of them in the address, and one record's details.</summary>
public sealed partial class StructuredLogsPage
{
    private const int Size = 100;

    private PageAddress _address = null!;
    private LogFilter _filter = new();
    private string? _resource;
    private int _page;
    private int _total;
    private IReadOnlyList<LogRecord> _items = [];
    private LogRecord? _record;

    /// <summary>Whose logs; null for those of all.</summary>
    [Parameter]
    public string? Name { get; set; }

    /// <inheritdoc/>
    protected override void OnInitialized()
    {
        _address = new PageAddress(Navigation);
        _resource = Name ?? _address["resource"];
        // An id that cannot be one finds nothing, rather than everything.
        var isPossible = (TraceId.TryParse(_address["traceId"], out var traceId) | _address["traceId"] is null)
            & (SpanId.TryParse(_address["spanId"], out var spanId) | _address["spanId"] is null);
        _filter = new LogFilter(_resource, Enum.TryParse<LogSeverity>(_address["logLevel"], true, out var severity) && Enum.IsDefined(severity) ? severity : default, _address["text"], traceId, spanId);
        _page = Pager.Read(_address);
        if (isPossible)
            (_items, _total) = Store.Logs.List(_filter, (_page - 1) * Size, Size);
        if (_items.Count == 0 && _page > 1 && _total > 0)
        {
            _page = (_total + Size - 1) / Size;
            (_items, _total) = Store.Logs.List(_filter, (_page - 1) * Size, Size);
        }

        _record = long.TryParse(_address["record"], NumberStyles.None, CultureInfo.InvariantCulture, out var sequence) ? Store.Logs.Find(sequence) : null;
    }

    internal static string LevelClass(LogSeverity severity) => severity switch
    {
        LogSeverity.Critical or LogSeverity.Error => "error",
        LogSeverity.Warning => "warning",
        LogSeverity.Information => "information",
        _ => "quiet",
    };

    /// <summary>Where a record's span is shown.</summary>
    internal static string TraceAddress(LogRecord record) =>
        record.SpanId.IsEmpty ? $"/traces/detail/{record.TraceId}" : $"/traces/detail/{record.TraceId}?spanId={record.SpanId}";

    private static string Short(string id) => id.Length > 7 ? id[..7] : id;

    // A row shows the beginning of a message; a page of long ones would be megabytes.
    private static string Line(string body) => body.Length > 400 ? string.Concat(body.AsSpan(0, 400), "…") : body;

    private static string Text(long sequence) => sequence.ToString(CultureInfo.InvariantCulture);
}
