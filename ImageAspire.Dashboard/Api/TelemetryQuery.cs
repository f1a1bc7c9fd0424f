using System.Globalization;
using ImageAspire.Dashboard.Telemetry;
using Microsoft.AspNetCore.Http;

namespace ImageAspire.Dashboard.Api;

/// <summary>A parameter of a query has a value that it cannot have.</summary>
internal sealed class QueryException(string message) : Exception(message);

/// <summary>What a request asks for: the parameters of the telemetry API.</summary>
internal sealed class TelemetryQuery
{
    // Aspire shows ids shortened to so many digits; that many and more find what begins with them.
    private const int ShortIdLength = 7;
    private const int IdLength = 32;

    private readonly string[] _resources;
    private readonly string? _traceId;

    /// <exception cref="QueryException">A parameter is wrong; the message names it.</exception>
    public TelemetryQuery(IQueryCollection query)
    {
        _resources = [.. query["resource"].Where(name => !string.IsNullOrEmpty(name))!];
        _traceId = One(query, "traceId");
        if (_traceId is not null && !IsId(_traceId))
            throw new QueryException("'traceId' is up to 32 hexadecimal digits.");
        HasError = Boolean(query, "hasError");
        Follows = Boolean(query, "follow") ?? false;
        Severity = SeverityOf(One(query, "severity"));
        Limit = One(query, "limit") is not { } limit ? null
            : int.TryParse(limit, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number
            : throw new QueryException("'limit' is a whole number from 0 on.");
    }

    public bool? HasError { get; }

    public bool Follows { get; }

    public LogSeverity Severity { get; }

    public int? Limit { get; }

    /// <summary>Whether each resource that is asked for has sent something that is kept.</summary>
    public bool AreKnown(IReadOnlyList<TelemetryResource> resources) =>
        _resources.All(name => resources.Any(resource => resource.IsNamed(name)));

    public bool Means(Span span) =>
        (HasError is null || span.Status == SpanStatus.Error == HasError) && Means(span.Resource) && Means(span.TraceId);

    public bool Means(LogRecord record) => record.Severity >= Severity && Means(record.Resource) && Means(record.TraceId);

    public bool Means(TraceSummary trace) =>
        (HasError is null || trace.Errors > 0 == HasError) && trace.Spans.Any(part => Means(part.Resource));

    /// <summary>Whether a trace is the one with this id, or begins with this short id.</summary>
    public static bool Means(TraceId id, string text) => text.Length == IdLength || text.Length < ShortIdLength
        ? TraceId.TryParse(text, out var whole) && whole == id
        : id.ToString().StartsWith(text, StringComparison.OrdinalIgnoreCase);

    private bool Means(TraceId id) => _traceId is null || Means(id, _traceId);

    private bool Means(TelemetryResource resource)
    {
        foreach (var name in _resources)
        {
            if (resource.IsNamed(name))
                return true;
        }

        return _resources.Length == 0;
    }

    private static bool IsId(string text) => text.Length <= IdLength && text.All(char.IsAsciiHexDigit);

    private static string? One(IQueryCollection query, string name) => query[name] switch
    {
        { Count: > 1 } => throw new QueryException($"'{name}' can be given once."),
        [{ Length: > 0 } value] => value,
        _ => null,
    };

    private static bool? Boolean(IQueryCollection query, string name) => One(query, name) is not { } text ? null
        : bool.TryParse(text, out var value) ? value
        : throw new QueryException($"'{name}' is 'true' or 'false'.");

    private static LogSeverity SeverityOf(string? text) => text is null ? LogSeverity.Trace
        : char.IsAsciiLetter(text[0]) && Enum.TryParse<LogSeverity>(text, ignoreCase: true, out var severity) ? severity
        : throw new QueryException($"'severity' is one of {string.Join(", ", Enum.GetNames<LogSeverity>())}.");
}
