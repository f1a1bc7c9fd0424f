using System.Globalization;
using System.IO.Pipelines;
using System.Text.Json;
using ImageAspire.Dashboard.Telemetry;

namespace ImageAspire.Dashboard.Api;

/// <summary>Writes telemetry as OTLP JSON: ids in hexadecimal digits, 64-bit numbers as text, enums as numbers.</summary>
internal static class OtlpJson
{
    // What has been written goes out meanwhile: all traces together are larger than what the process should take.
    private const int FlushBytes = 64 * 1024;

    /// <summary><c>{"resourceSpans":[…]}</c>, in the order of the spans.</summary>
    public static Task WriteSpansAsync(Utf8JsonWriter json, PipeWriter output, IEnumerable<Span> spans, CancellationToken cancellationToken) => WriteAsync(
        json, output, ("resourceSpans", "scopeSpans", "spans"), spans.GroupBy(span => span.Resource), span => span.Scope, WriteSpan, cancellationToken);

    /// <summary><c>{"resourceLogs":[…]}</c>, in the order of the records.</summary>
    public static Task WriteLogsAsync(Utf8JsonWriter json, PipeWriter output, IEnumerable<LogRecord> records, CancellationToken cancellationToken) => WriteAsync(
        json, output, ("resourceLogs", "scopeLogs", "logRecords"), records.GroupBy(record => record.Resource), record => record.Scope, WriteLog, cancellationToken);

    private static async Task WriteAsync<T>(
        Utf8JsonWriter json, PipeWriter output, (string Resources, string Scopes, string Items) names, IEnumerable<IGrouping<TelemetryResource, T>> items,
        Func<T, TelemetryScope> scope, Action<Utf8JsonWriter, T> write, CancellationToken cancellationToken)
    {
        json.WriteStartObject();
        json.WriteStartArray(names.Resources);
        foreach (var ofResource in items)
        {
            json.WriteStartObject();
            json.WriteStartObject("resource");
            OtlpJsonValues.WriteAttributes(json, ofResource.Key.Attributes);
            json.WriteEndObject();
            json.WriteStartArray(names.Scopes);
            foreach (var ofScope in ofResource.GroupBy(scope))
            {
                json.WriteStartObject();
                WriteScope(json, ofScope.Key);
                json.WriteStartArray(names.Items);
                foreach (var item in ofScope)
                {
                    write(json, item);
                    if (output.UnflushedBytes <= FlushBytes)
                        continue;
                    await json.FlushAsync(cancellationToken); // it holds memory of the output, which is gone after this
                    await output.FlushAsync(cancellationToken);
                }

                json.WriteEndArray();
                json.WriteEndObject();
            }

            json.WriteEndArray();
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void WriteScope(Utf8JsonWriter json, TelemetryScope scope)
    {
        json.WriteStartObject("scope");
        json.WriteString("name", scope.Name);
        WriteText(json, "version", scope.Version);
        json.WriteEndObject();
    }

    private static void WriteSpan(Utf8JsonWriter json, Span span)
    {
        json.WriteStartObject();
        json.WriteString("traceId", span.TraceId.ToString());
        json.WriteString("spanId", span.SpanId.ToString());
        if (!span.ParentId.IsEmpty)
            json.WriteString("parentSpanId", span.ParentId.ToString());
        WriteText(json, "traceState", span.TraceState);
        json.WriteString("name", span.Name);
        json.WriteNumber("kind", (int)span.Kind);
        WriteTime(json, "startTimeUnixNano", span.Start);
        WriteTime(json, "endTimeUnixNano", span.End);
        OtlpJsonValues.WriteAttributes(json, span.Attributes);
        WriteEvents(json, span.Events);
        WriteLinks(json, span.Links);
        json.WriteStartObject("status");
        json.WriteNumber("code", (int)span.Status);
        WriteText(json, "message", span.StatusMessage);
        json.WriteEndObject();
        json.WriteEndObject();
    }

    private static void WriteEvents(Utf8JsonWriter json, IReadOnlyList<SpanEvent> events)
    {
        if (events.Count == 0)
            return;
        json.WriteStartArray("events");
        foreach (var one in events)
        {
            json.WriteStartObject();
            WriteTime(json, "timeUnixNano", one.Time);
            json.WriteString("name", one.Name);
            OtlpJsonValues.WriteAttributes(json, one.Attributes);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static void WriteLinks(Utf8JsonWriter json, IReadOnlyList<SpanLink> links)
    {
        if (links.Count == 0)
            return;
        json.WriteStartArray("links");
        foreach (var link in links)
        {
            json.WriteStartObject();
            json.WriteString("traceId", link.TraceId.ToString());
            json.WriteString("spanId", link.SpanId.ToString());
            OtlpJsonValues.WriteAttributes(json, link.Attributes);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static void WriteLog(Utf8JsonWriter json, LogRecord record)
    {
        json.WriteStartObject();
        WriteTime(json, "timeUnixNano", record.Time);
        json.WriteNumber("severityNumber", record.SeverityNumber);
        json.WriteString("severityText", record.Severity.ToString());
        json.WriteStartObject("body");
        json.WriteString("stringValue", record.Body);
        json.WriteEndObject();
        WriteText(json, "eventName", record.EventName);
        OtlpJsonValues.WriteAttributes(json, record.Attributes);
        if (!record.TraceId.IsEmpty)
            json.WriteString("traceId", record.TraceId.ToString());
        if (!record.SpanId.IsEmpty)
            json.WriteString("spanId", record.SpanId.ToString());
        json.WriteEndObject();
    }

    private static void WriteTime(Utf8JsonWriter json, string name, long nanoseconds) =>
        json.WriteString(name, nanoseconds.ToString(CultureInfo.InvariantCulture));

    private static void WriteText(Utf8JsonWriter json, string name, string text)
    {
        if (text.Length > 0)
            json.WriteString(name, text);
    }
}
