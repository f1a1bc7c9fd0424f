using System.IO.Pipelines;
using System.Net.Mime;
using System.Text.Json;
using ImageAspire.Dashboard.Telemetry;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace ImageAspire.Dashboard.Api;

/// <summary>
/// The telemetry API of Aspire's dashboard: <c>/api/telemetry</c>, OTLP JSON, opened by <c>X-API-Key</c> alone. Where Aspire's
/// specification is silent: a parameter with a wrong value is 400; with <c>follow=true</c> an unknown resource is waited for.
/// </summary>
internal static class TelemetryApi
{
    private const string KeyHeader = "X-API-Key";
    private const int DefaultLimit = 200;
    private const int DefaultTraces = 100;

    public static void MapTelemetryApi(this IEndpointRouteBuilder app)
    {
        var store = app.ServiceProvider.GetRequiredService<TelemetryStore>();
        var key = new KeyHash(app.ServiceProvider.GetRequiredService<DashboardOptions>().ApiKeySha256);
        var follow = new TelemetryFollow();
        var group = app.MapGroup("/api/telemetry");
        group.MapGet("/resources", Guarded(key, store, (context, _) => ResourcesAsync(context, store)));
        group.MapGet("/spans", Guarded(key, store, (context, query) => query.Follows
            ? follow.SpansAsync(context, store.Traces.WatchAsync(query.Means, context.RequestAborted))
            : SpansAsync(context, store, query)));
        group.MapGet("/logs", Guarded(key, store, (context, query) => query.Follows
            ? follow.LogsAsync(context, store.Logs.WatchAsync(query.Means, context.RequestAborted))
            : LogsAsync(context, store, query)));
        group.MapGet("/traces", Guarded(key, store, (context, query) => TracesAsync(context, store, query)));
        group.MapGet("/traces/{traceId}", Guarded(key, store, (context, _) => TraceAsync(context, store)));
    }

    private static RequestDelegate Guarded(KeyHash key, TelemetryStore store, Func<HttpContext, TelemetryQuery, Task> answer) => async context =>
    {
        context.Response.Headers.CacheControl = "no-store";
        if (!key.IsOf(context.Request.Headers[KeyHeader]))
        {
            await ProblemAsync(context, StatusCodes.Status401Unauthorized, "No valid key", $"{KeyHeader} is missing or wrong.");
            return;
        }

        TelemetryQuery query;
        try
        {
            query = new TelemetryQuery(context.Request.Query);
        }
        catch (QueryException error)
        {
            await ProblemAsync(context, StatusCodes.Status400BadRequest, "Wrong parameter", error.Message);
            return;
        }

        if (query.Follows || query.AreKnown(store.Resources))
            await answer(context, query);
        else
            await ProblemAsync(context, StatusCodes.Status404NotFound, "Resource not found", "No telemetry of that resource is kept.");
    };

    private static async Task ResourcesAsync(HttpContext context, TelemetryStore store)
    {
        var (traces, logs, metrics) = (store.Traces.Resources.ToHashSet(), store.Logs.Resources.ToHashSet(), store.Metrics.Resources.ToHashSet());
        await WriteAsync(context, (json, _) =>
        {
            json.WriteStartArray();
            foreach (var resource in store.Resources)
            {
                json.WriteStartObject();
                json.WriteString("name", resource.Name);
                json.WriteString("instanceId", resource.InstanceId.Length == 0 ? null : resource.InstanceId);
                json.WriteString("displayName", resource.DisplayName);
                json.WriteBoolean("hasLogs", logs.Contains(resource));
                json.WriteBoolean("hasTraces", traces.Contains(resource));
                json.WriteBoolean("hasMetrics", metrics.Contains(resource));
                json.WriteEndObject();
            }

            json.WriteEndArray();
            return Task.CompletedTask;
        });
    }

    private static Task SpansAsync(HttpContext context, TelemetryStore store, TelemetryQuery query)
    {
        // The latest are kept in a heap: there may be a hundred thousand, of which two hundred are wanted.
        var (limit, total) = (query.Limit ?? DefaultLimit, 0);
        var latest = new PriorityQueue<Span, long>();
        foreach (var trace in store.Traces.Capture())
        {
            foreach (var span in trace.Spans.AsSpan(0, trace.Count))
            {
                if (!query.Means(span))
                    continue;
                total++;
                if (latest.Count < limit)
                    latest.Enqueue(span, span.Start);
                else if (limit > 0)
                    latest.EnqueueDequeue(span, span.Start);
            }
        }

        var spans = latest.UnorderedItems.OrderBy(item => item.Priority).Select(item => item.Element).ToList();
        return WriteAsync(context, total, spans.Count, (json, output) => OtlpJson.WriteSpansAsync(json, output, spans, context.RequestAborted));
    }

    private static Task LogsAsync(HttpContext context, TelemetryStore store, TelemetryQuery query)
    {
        var found = store.Logs.Where(null, query.Means);
        var latest = found.Take(query.Limit ?? DefaultLimit).Reverse().ToList();
        return WriteAsync(context, found.Count, latest.Count, (json, output) => OtlpJson.WriteLogsAsync(json, output, latest, context.RequestAborted));
    }

    private static Task TracesAsync(HttpContext context, TelemetryStore store, TelemetryQuery query)
    {
        var found = store.Traces.Capture().Where(trace => query.Means(trace.Summary)).ToList();
        var latest = found.OrderByDescending(trace => trace.Summary.Start).Take(query.Limit ?? DefaultTraces).Reverse().ToList();
        var spans = latest.SelectMany(trace => trace.Spans.Take(trace.Count).OrderBy(span => span.Start));
        return WriteAsync(context, found.Count, latest.Count, (json, output) => OtlpJson.WriteSpansAsync(json, output, spans, context.RequestAborted));
    }

    private static Task TraceAsync(HttpContext context, TelemetryStore store)
    {
        var text = (string)context.Request.RouteValues["traceId"]!;
        var trace = TraceId.TryParse(text, out var id) ? store.Traces.Find(id)
            : store.Traces.Capture().Select(one => one.Summary.Id).Where(one => TelemetryQuery.Means(one, text)).Take(1).Select(store.Traces.Find).SingleOrDefault();
        return trace is null
            ? ProblemAsync(context, StatusCodes.Status404NotFound, "Trace not found", "No trace with that id is kept.")
            : WriteAsync(context, trace.Spans.Count, trace.Spans.Count, (json, output) => OtlpJson.WriteSpansAsync(json, output, trace.Spans, context.RequestAborted));
    }

    private static Task WriteAsync(HttpContext context, int total, int returned, Func<Utf8JsonWriter, PipeWriter, Task> data) =>
        WriteAsync(context, async (json, output) =>
        {
            json.WriteStartObject();
            json.WritePropertyName("data");
            await data(json, output);
            json.WriteNumber("totalCount", total);
            json.WriteNumber("returnedCount", returned);
            json.WriteEndObject();
        });

    private static async Task WriteAsync(HttpContext context, Func<Utf8JsonWriter, PipeWriter, Task> write)
    {
        context.Response.ContentType = MediaTypeNames.Application.Json;
        var output = context.Response.BodyWriter;
        await using (var json = new Utf8JsonWriter(output))
            await write(json, output);
        await output.FlushAsync(context.RequestAborted);
    }

    private static Task ProblemAsync(HttpContext context, int status, string title, string detail) =>
        TypedResults.Problem(statusCode: status, title: title, detail: detail).ExecuteAsync(context);
}
