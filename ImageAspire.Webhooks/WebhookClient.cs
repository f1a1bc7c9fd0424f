using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using ImageAspire.Core.Diagnostics;
using ImageAspire.Core.Events;
using ImageAspire.Core.Webhooks;

namespace ImageAspire.Webhooks;

/// <summary>
/// Makes one HTTP request for a delivery. It does not use the client factory, whose clients retry, follow redirects and resolve service
/// names, all of which is wrong for an address that an API client has chosen.
/// </summary>
internal sealed class WebhookClient : IDisposable
{
    private const int MaxBody = 64 * 1024;
    private const int KeptBody = 1024;
    private const int MaxHeadersKiB = 16;
    private readonly TimeSpan _timeout;
    private readonly TimeProvider _time;
    private readonly HttpClient _http;

    public WebhookClient(WebhookOptions options, WebhookAddresses addresses, TimeProvider time)
    {
        (_timeout, _time) = (options.Timeout, time);
        _http = new HttpClient(new SocketsHttpHandler
        {
            ConnectCallback = new PublicAddressConnector(addresses).ConnectAsync,
            AllowAutoRedirect = false,
            UseCookies = false,
            UseProxy = false, // a proxy would resolve the name again, and connect to addresses that were not checked
            AutomaticDecompression = DecompressionMethods.None,
            MaxResponseHeadersLength = MaxHeadersKiB,
            MaxResponseDrainSize = 0, // the rest of a long body is not read
            ConnectTimeout = options.Timeout,
            PooledConnectionLifetime = TimeSpan.FromMinutes(2), // names change their addresses
        })
        {
            Timeout = Timeout.InfiniteTimeSpan, // each attempt has its own
        };
        _http.DefaultRequestHeaders.UserAgent.Add(new ProductInfoHeaderValue("ImageAspire", ProductVersion.Current));
    }

    /// <returns>The attempt, with its error if it failed.</returns>
    /// <exception cref="OperationCanceledException">The token has ended, not the time limit of the attempt.</exception>
    public async Task<DeliveryAttempt> SendAsync(Webhook webhook, WebhookDelivery delivery, CancellationToken cancellationToken)
    {
        var (at, began) = (_time.GetUtcNow(), _time.GetTimestamp());
        if (!webhook.Enabled)
            return Failed(at, DeliveryErrors.Disabled, "The webhook is disabled; nothing was sent.") with { Number = delivery.Tries + 1 };
        using var limit = new CancellationTokenSource(_timeout, _time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        var attempt = await PostAsync(webhook, delivery, at, either.Token, cancellationToken);
        return attempt with { Number = delivery.Tries + 1, At = at, DurationMs = (long)_time.GetElapsedTime(began).TotalMilliseconds };
    }

    public void Dispose() => _http.Dispose();

    private static HttpRequestMessage Request(Webhook webhook, WebhookDelivery delivery, DateTimeOffset at)
    {
        var (body, id, timestamp) = (Encoding.UTF8.GetBytes(delivery.Body), delivery.Id.ToString("D"), at.ToUnixTimeSeconds());
        var request = new HttpRequestMessage(HttpMethod.Post, webhook.Url) { Content = new ByteArrayContent(body) };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue(CloudEvents.ContentType);
        request.Headers.Add(WebhookSignature.IdHeader, id);
        request.Headers.Add(WebhookSignature.TimestampHeader, timestamp.ToString(CultureInfo.InvariantCulture));
        request.Headers.Add(WebhookSignature.SignatureHeader, WebhookSignature.Sign(webhook.SecretsAt(at), id, timestamp, body));
        return request;
    }

    private async Task<DeliveryAttempt> PostAsync(
        Webhook webhook, WebhookDelivery delivery, DateTimeOffset at, CancellationToken limit, CancellationToken cancellationToken)
    {
        try
        {
            using var request = Request(webhook, delivery, at);
            using var response = await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, limit);
            var redirect = (int)response.StatusCode is >= 300 and < 400;
            return new DeliveryAttempt
            {
                Number = 0, At = at, DurationMs = 0, Status = (int)response.StatusCode, Answer = await ReadAsync(response, limit, cancellationToken),
                Error = redirect ? DeliveryErrors.Redirect : null,
                Detail = redirect ? "Redirects are not followed. Change the webhook's url to the address that answers." : null,
            };
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return Failed(at, DeliveryErrors.Timeout, string.Create(CultureInfo.InvariantCulture, $"No answer within {_timeout.TotalSeconds:0.###} s."));
        }
        catch (HttpRequestException error) when (error.InnerException is AddressRefusedException refused)
        {
            return Failed(at, DeliveryErrors.AddressRefused, refused.Message);
        }
        catch (Exception error) when (error is not OperationCanceledException)
        {
            // Every other error counts as an attempt, too: an unforeseen one must not be retried without end.
            return Failed(at, DeliveryErrors.Connection, error.InnerException is { } cause ? $"{error.Message} {cause.Message}" : error.Message);
        }
    }

    private static DeliveryAttempt Failed(DateTimeOffset at, string error, string detail) =>
        new() { Number = 0, At = at, DurationMs = 0, Error = error, Detail = detail };

    // The status alone decides; the body is for the delivery log, and is read so that the connection can be reused.
    private static async Task<string?> ReadAsync(HttpResponseMessage response, CancellationToken limit, CancellationToken cancellationToken)
    {
        var (kept, buffer) = (new byte[KeptBody], new byte[4096]);
        var (length, total) = (0, 0);
        try
        {
            await using var body = await response.Content.ReadAsStreamAsync(limit);
            while (total < MaxBody && await body.ReadAsync(buffer.AsMemory(0, Math.Min(buffer.Length, MaxBody - total)), limit) is > 0 and var read)
            {
                var part = buffer.AsSpan(0, Math.Min(read, KeptBody - length));
                part.CopyTo(kept.AsSpan(length));
                (length, total) = (length + part.Length, total + read);
            }
        }
        catch (Exception error) when (error is IOException or HttpRequestException || (error is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            // Interrupted: the part that arrived is kept.
        }

        return length == 0 ? null : Text(kept.AsSpan(0, length));
    }

    // A character that is cut at the end is left out; bytes that are not text show as U+FFFD.
    private static string Text(ReadOnlySpan<byte> bytes)
    {
        var characters = new char[KeptBody];
        var count = Encoding.UTF8.GetDecoder().GetChars(bytes, characters, flush: false);
        for (var i = 0; i < count; i++)
        {
            if (char.IsControl(characters[i]) && characters[i] is not ('\n' or '\r' or '\t'))
                characters[i] = '\ufffd';
        }

        return new string(characters, 0, count);
    }
}
