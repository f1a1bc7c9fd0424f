using System.Globalization;
using ImageAspire.Api.Access;
using ImageAspire.Api.Http;
using ImageAspire.Api.Live;
using ImageAspire.Core.Images;
using ImageAspire.Core.Ports;
using Microsoft.OpenApi;

namespace ImageAspire.Api.Images;

/// <summary>Reads one record, at once or when its analysis has ended.</summary>
internal sealed class RecordReader(IImageCatalog catalog, AnalysisWaits waits, SessionLifetimes sessions, TimeProvider time)
{
    private const int MostSeconds = 60;
    private const int RetryAfterSeconds = 1;

    // Events are late, or do not come at all, while the topic is away.
    private static readonly TimeSpan Look = TimeSpan.FromSeconds(5);

    /// <summary>How long the answer may wait for the end of the analysis; none without it.</summary>
    public static QueryParameter<TimeSpan> Wait { get; } = new("wait", new OpenApiSchema
    {
        Type = JsonSchemaType.String, Pattern = @"^\d{1,2}s?$",
        Description = $"Seconds, from 0 to {MostSeconds}, for example 30s: the answer comes when the analysis has ended, or when they are over. Check status.",
    }, TimeSpan.Zero, text => int.TryParse(text.EndsWith('s') ? text[..^1] : text, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds) && seconds <= MostSeconds
        ? TimeSpan.FromSeconds(seconds) : QueryParameter.Invalid("wait", $"whole seconds from 0 to {MostSeconds}, for example 30s"));

    /// <summary>The record; null when there is no such image, or it was deleted meanwhile.</summary>
    /// <param name="image">Its id.</param>
    /// <param name="patience">How long to wait while its analysis has not ended.</param>
    /// <param name="context">The request.</param>
    public async Task<Parsed<ImageRecord?>> ReadAsync(Guid image, TimeSpan patience, HttpContext context)
    {
        var caller = Caller.Of(context);
        using var wait = patience > TimeSpan.Zero ? waits.TryBegin(caller.Id, image) : null;
        var record = await catalog.GetAsync(image, context.RequestAborted);
        if (wait is null || !IsUnderWay(record))
            return record;
        using var session = context.Features.Get<Session>() is { } opened ? sessions.Track(opened) : null;
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, caller.Invalidated, session?.Token ?? default);
        try
        {
            return await FollowAsync(wait, image, patience, ended.Token);
        }
        catch (OperationCanceledException) when (ended.IsCancellationRequested && !context.RequestAborted.IsCancellationRequested)
        {
            return Problems.Of(503, ProblemCodes.Busy, "The key or the session of this request has changed or ended while it waited. Send it again.", RetryAfterSeconds);
        }
    }

    private async Task<ImageRecord?> FollowAsync(AnalysisWait wait, Guid image, TimeSpan patience, CancellationToken cancellationToken)
    {
        var began = time.GetTimestamp();
        while (true)
        {
            var left = patience - time.GetElapsedTime(began);
            var goesOn = left > TimeSpan.Zero && await wait.ChangedAsync(left < Look ? left : Look, time, cancellationToken);
            var record = await catalog.GetAsync(image, cancellationToken);
            if (!goesOn || !IsUnderWay(record))
                return record;
        }
    }

    private static bool IsUnderWay(ImageRecord? record) => record is { Status: ImageStatus.Received or ImageStatus.Inspected };
}
