using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace ImageAspire.Tests.Worker;

/// <summary>A request as it came.</summary>
internal sealed record ReceivedRequest(string Path, string Host, string ContentType, string Id, string Timestamp, string Signature, byte[] Body)
{
    /// <summary>Whether any signature is right for a secret, computed from the specification and not with the product's code.</summary>
    public bool IsSignedWith(string secret)
    {
        using var hmac = new HMACSHA256(Convert.FromBase64String(secret.Split('_')[1]));
        var digest = Convert.ToBase64String(hmac.ComputeHash([.. Encoding.ASCII.GetBytes(Id), (byte)'.', .. Encoding.ASCII.GetBytes(Timestamp), (byte)'.', .. Body]));
        return Signature.Split(' ').Contains("v1," + digest);
    }
}

/// <summary>A real server on loopback that answers as the test says.</summary>
internal sealed class WebhookReceiver : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly ConcurrentQueue<ReceivedRequest> _requests = new();

    private WebhookReceiver(WebApplication app) => _app = app;

    /// <summary>What to answer, by default 200. The request is listed before.</summary>
    public Func<HttpContext, Task> Answer { get; set; } = _ => Task.CompletedTask;

    public IReadOnlyList<ReceivedRequest> Requests => [.. _requests];

    public Uri Address => new(_app.Urls.First());

    public string Url(string path = "/hook") => new Uri(Address, path).ToString();

    public static async Task<WebhookReceiver> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders();
        var app = builder.Build();
        var receiver = new WebhookReceiver(app);
        app.Run(receiver.TakeAsync);
        await app.StartAsync();
        return receiver;
    }

    public async ValueTask DisposeAsync() => await _app.DisposeAsync();

    private async Task TakeAsync(HttpContext context)
    {
        using var body = new MemoryStream();
        await context.Request.Body.CopyToAsync(body);
        var headers = context.Request.Headers;
        _requests.Enqueue(new ReceivedRequest(
            context.Request.Path, context.Request.Host.Value ?? "", context.Request.ContentType ?? "", headers["webhook-id"]!, headers["webhook-timestamp"]!,
            headers["webhook-signature"]!, body.ToArray()));
        await Answer(context);
    }
}
