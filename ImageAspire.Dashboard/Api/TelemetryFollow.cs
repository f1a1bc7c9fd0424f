using System.Buffers;
using System.IO.Pipelines;
using System.Text.Json;
using ImageAspire.Dashboard.Telemetry;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace ImageAspire.Dashboard.Api;

/// <summary>
/// Streams telemetry as it arrives, an OTLP JSON object a line (NDJSON), to so many readers at most. A reader that was too slow is
/// told in a line of its own, which is OTLP JSON without telemetry: <c>{"resourceSpans":[],"lost":17}</c>.
/// </summary>
internal sealed class TelemetryFollow
{
    private const int MaxReaders = 32;
    private const int FlushBytes = 32 * 1024;

    private int _readers;

    public Task SpansAsync(HttpContext context, TelemetryWatch<Span> watch) =>
        FollowAsync(context, watch, "resourceSpans", (json, output, span, cancel) => OtlpJson.WriteSpansAsync(json, output, [span], cancel));

    public Task LogsAsync(HttpContext context, TelemetryWatch<LogRecord> watch) =>
        FollowAsync(context, watch, "resourceLogs", (json, output, record, cancel) => OtlpJson.WriteLogsAsync(json, output, [record], cancel));

    private async Task FollowAsync<T>(HttpContext context, TelemetryWatch<T> watch, string resources, Func<Utf8JsonWriter, PipeWriter, T, CancellationToken, Task> write)
    {
        var stopping = context.RequestServices.GetRequiredService<IHostApplicationLifetime>().ApplicationStopping;
        using var end = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, stopping);
        try
        {
            if (Interlocked.Increment(ref _readers) > MaxReaders)
            {
                await TypedResults.Problem(statusCode: StatusCodes.Status429TooManyRequests, title: "Too many readers",
                    detail: $"At most {MaxReaders} requests can follow at a time.").ExecuteAsync(context);
                return;
            }

            context.Response.ContentType = "application/x-ndjson";
            await context.Response.StartAsync(end.Token);
            await WriteAsync(context.Response, watch, resources, write, end.Token);
        }
        catch (OperationCanceledException) when (end.IsCancellationRequested)
        {
            // The reader has gone, or the dashboard ends: there is nobody to tell.
        }
        finally
        {
            Interlocked.Decrement(ref _readers);
        }
    }

    private static async Task WriteAsync<T>(
        HttpResponse response, TelemetryWatch<T> watch, string resources, Func<Utf8JsonWriter, PipeWriter, T, CancellationToken, Task> write, CancellationToken cancellationToken)
    {
        var output = response.BodyWriter;
        await using var json = new Utf8JsonWriter(output);
        await using var items = watch.GetAsyncEnumerator(cancellationToken);
        long told = 0;
        while (true)
        {
            var next = items.MoveNextAsync();
            // Not cancelled by itself: the enumerator cannot be disposed of while its next item is on the way. A connection that ends ends this.
            if (!next.IsCompleted || output.UnflushedBytes > FlushBytes)
                await output.FlushAsync(CancellationToken.None);
            if (!await next)
                return;
            if (watch.Lost is var lost && lost > told)
            {
                WriteLost(json, resources, lost - told);
                EndLine(json, output);
                told = lost;
            }

            await write(json, output, items.Current, cancellationToken);
            EndLine(json, output);
        }
    }

    private static void EndLine(Utf8JsonWriter json, PipeWriter output)
    {
        json.Flush();
        json.Reset();
        output.Write("\n"u8);
    }

    private static void WriteLost(Utf8JsonWriter json, string resources, long lost)
    {
        json.WriteStartObject();
        json.WriteStartArray(resources);
        json.WriteEndArray();
        json.WriteNumber("lost", lost);
        json.WriteEndObject();
    }
}
