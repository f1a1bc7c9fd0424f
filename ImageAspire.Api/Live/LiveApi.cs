using ImageAspire.Api.Access;
using ImageAspire.Api.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Http.HttpResults;

namespace ImageAspire.Api.Live;

/// <summary><c>GET /api/events</c>: server-sent events (WHATWG HTML §9.2), resumable with <c>Last-Event-ID</c>.</summary>
internal static class LiveApi
{
    private const int RetryAfterSeconds = 10;
    private static readonly TimeSpan Heartbeat = TimeSpan.FromSeconds(15);

    public static void MapLive(this RouteGroupBuilder api) => api.MapGet("/events", FollowAsync).RequireScope(Scopes.Read)
        .WithName("FollowEvents").WithTags("Live").WithSummary("All image events, as server-sent events.")
        .WithMetadata(new QueryParameters(QueryParameter.Id("lastEventId", "an event"))).Produces(200, contentType: "text/event-stream");

    [ProblemStatuses(429, 503)]
    private static async Task<Results<EmptyHttpResult, ProblemResult>> FollowAsync(HttpContext context, LiveFeed feed, SessionLifetimes sessions, ApiOptions options, TimeProvider time)
    {
        var last = context.Request.Headers["Last-Event-ID"].ToString() is { Length: > 0 } header ? header : context.Request.Query["lastEventId"].ToString();
        var (subscribed, admission) = feed.Subscribe(Caller.Of(context).Id, last.Length == 0 ? null : Guid.TryParse(last, out var id) ? id : Guid.Empty);
        using var client = subscribed;
        if (client is null)
            return Refuse(admission, options);

        context.Features.Get<IHttpResponseBodyFeature>()?.DisableBuffering();
        context.Response.ContentType = "text/event-stream";
        context.Response.Headers.CacheControl = "no-store";
        using var session = context.Features.Get<Session>() is { } opened ? sessions.Track(opened) : null;
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, Caller.Of(context).Invalidated, session?.Token ?? default);
        try
        {
            await SendAsync(context, client, time, ended.Token);
        }
        catch (OperationCanceledException) when (ended.IsCancellationRequested)
        {
            // The client disconnected, its session ended, or its key was revoked or changed; it may reconnect with its current credentials.
        }

        return TypedResults.Empty;
    }

    private static ProblemResult Refuse(LiveAdmission admission, ApiOptions options) => admission == LiveAdmission.KeyIsFull
        ? Problems.Of(429, ProblemCodes.TooManyFeeds, $"This key follows the events {options.LiveClientsPerKey} times already, and may not more often (Api:LiveClientsPerKey). Close one.", RetryAfterSeconds)
        : Problems.Of(503, ProblemCodes.Busy, "Too many clients follow the events already. Try again later.", RetryAfterSeconds);

    private static async Task SendAsync(HttpContext context, LiveClient client, TimeProvider time, CancellationToken aborted)
    {
        var body = context.Response.Body;
        await body.WriteAsync("retry: 2000\n\n"u8.ToArray(), aborted);
        if (client.MustReset)
            await body.WriteAsync("event: reset\ndata: {}\n\n"u8.ToArray(), aborted);
        foreach (var frame in client.Missed)
            await body.WriteAsync(frame.Frame, aborted);
        await body.FlushAsync(aborted);
        while (true)
        {
            try
            {
                if (!await client.Frames.WaitToReadAsync(aborted).AsTask().WaitAsync(Heartbeat, time, aborted))
                    return; // too slow, another key takes its place, or the server stops
                while (client.Frames.TryRead(out var frame))
                    await body.WriteAsync(frame.Frame, aborted);
            }
            catch (TimeoutException)
            {
                await body.WriteAsync(": still here\n\n"u8.ToArray(), aborted);
            }

            await body.FlushAsync(aborted);
        }
    }
}
