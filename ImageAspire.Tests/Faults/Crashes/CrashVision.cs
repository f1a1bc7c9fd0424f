using System.Security.Cryptography;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace ImageAspire.Tests.Faults.Crashes;

/// <summary>
/// A vision service that analyzes every image but the <see cref="TrackedImageKind.Breaking"/> and <see cref="TrackedImageKind.Refused"/> ones, until it is repaired.
/// </summary>
internal sealed class CrashVision : IAsyncDisposable
{
    /// <summary>The code with which it refuses an image.</summary>
    public const string RefusalCode = "ContentRefused";

    private const string Analysis = """
        { "modelVersion": "crash/1", "metadata": { "width": 96, "height": 64 }, "tagsResult": { "values": [{ "name": "harness", "confidence": 0.9 }] } }
        """;

    private readonly WebApplication _app;
    private readonly TestOracle _oracle;
    private volatile bool _repaired;

    private CrashVision(WebApplication app, TestOracle oracle) => (_app, _oracle) = (app, oracle);

    public string Url => _app.Urls.First();

    public static async Task<CrashVision> StartAsync(TestOracle oracle)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders();
        var app = builder.Build();
        var vision = new CrashVision(app, oracle);
        app.Run(vision.AnswerAsync);
        await app.StartAsync();
        return vision;
    }

    /// <summary>From now on it analyzes every image.</summary>
    public void Repair() => _repaired = true;

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private async Task AnswerAsync(HttpContext context)
    {
        if (HttpMethods.IsGet(context.Request.Method))
            return; // whether it is there
        var kind = _oracle.Find(Convert.ToHexStringLower(await SHA256.HashDataAsync(context.Request.Body)))?.Kind;
        (context.Response.StatusCode, var body) = _repaired ? (StatusCodes.Status200OK, Analysis) : kind switch
        {
            TrackedImageKind.Breaking => (StatusCodes.Status500InternalServerError, Problem("InternalServerError")),
            TrackedImageKind.Refused => (StatusCodes.Status400BadRequest, Problem(RefusalCode)),
            _ => (StatusCodes.Status200OK, Analysis),
        };
        _oracle.Count(context.Response.StatusCode == StatusCodes.Status200OK ? "analyses" : "analyses that failed");
        context.Response.ContentType = "application/json";
        await context.Response.WriteAsync(body);
    }

    private static string Problem(string code) => $$"""{ "error": { "code": "{{code}}", "message": "This image breaks the service." } }""";
}
