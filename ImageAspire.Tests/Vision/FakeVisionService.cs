using System.Collections.Concurrent;
using System.Text.Json;
using ImageAspire.Analysis;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace ImageAspire.Tests.Vision;

/// <summary>A vision service over real HTTP that answers what a test says, one answer after the other, the last one for good.</summary>
internal sealed class FakeVisionService : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly ConcurrentQueue<RequestDelegate> _answers;

    private FakeVisionService(WebApplication app, IEnumerable<RequestDelegate> answers)
    {
        _app = app;
        _answers = new(answers);
    }

    /// <summary>Bodies and headers of every request.</summary>
    public ConcurrentQueue<(byte[] Body, Dictionary<string, string> Headers, string Address)> Requests { get; } = new();

    public Uri Address => new(_app.Urls.First());

    public static async Task<FakeVisionService> StartAsync(params RequestDelegate[] answers)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        var app = builder.Build();
        app.Urls.Add("http://127.0.0.1:0");
        var service = new FakeVisionService(app, answers);
        app.Run(service.AnswerAsync);
        await app.StartAsync();
        return service;
    }

    public static RequestDelegate Json(int status, string body, string? retryAfter = null) => async context =>
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = "application/json";
        if (retryAfter is not null)
            context.Response.Headers.RetryAfter = retryAfter;
        await context.Response.WriteAsync(body);
    };

    public static RequestDelegate Error(int status, string code, string? inner = null, string? retryAfter = null, string message = "explained") =>
        Json(status, JsonSerializer.Serialize(new { error = new { code, message, innererror = inner is null ? null : new { code = inner, message } } }), retryAfter);

    public LocalVisionAnalyzer Analyzer(TimeSpan? timeLimit = null) => AnalyzerAt(Address, timeLimit);

    public static LocalVisionAnalyzer AnalyzerAt(Uri address, TimeSpan? timeLimit = null, string key = "a-key-for-tests") => new(
        new VisionClient(VisionServiceProfile.Local, new VisionServiceOptions { Endpoint = address.ToString(), Key = key, TimeLimit = timeLimit ?? TimeSpan.FromSeconds(60) }, TimeProvider.System),
        TimeProvider.System);

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private async Task AnswerAsync(HttpContext context)
    {
        using var body = new MemoryStream();
        await context.Request.Body.CopyToAsync(body, context.RequestAborted);
        Requests.Enqueue((body.ToArray(), context.Request.Headers.ToDictionary(one => one.Key, one => one.Value.ToString(), StringComparer.OrdinalIgnoreCase), $"{context.Request.Method} {context.Request.Path}{context.Request.QueryString}"));
        var answer = _answers.Count > 1 && _answers.TryDequeue(out var next) ? next : _answers.Last();
        await answer(context);
    }
}
