using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Microsoft.AspNetCore.Http;

namespace ImageAspire.Vision.Api;

/// <summary>Reads the bodies of requests: images, as bytes or by their address on this machine, and JSON.</summary>
internal sealed class ImageBodies(LocalImages images, TimeProvider time)
{
    /// <summary>An image must have fewer bytes, as the public API has it.</summary>
    public const int MaxBytes = 20_000_000;

    /// <summary>JSON must have fewer bytes.</summary>
    public const int MaxJsonBytes = 16 * 1024;

    private const int MostQuoted = 100;
    private const string Json = "application/json", Bytes = "application/octet-stream";
    private static readonly TimeSpan TimeLimit = TimeSpan.FromSeconds(60);

    /// <summary>How much memory a request may need, as far as it says: what is not known counts as the most.</summary>
    /// <exception cref="ApiException">400: it says that it is too large. 415: it is neither an image nor an address.</exception>
    public static long Announced(HttpRequest request)
    {
        if (request.ContentLength >= MaxBytes)
            throw new ApiException(ApiError.TooLarge);
        return TypeOf(request) switch
        {
            Bytes => request.ContentLength ?? MaxBytes,
            Json => MaxBytes,
            var type => throw new ApiException(ApiError.MediaType(type.Length <= MostQuoted ? type : type[..MostQuoted])),
        };
    }

    /// <summary>The image of a request. Dispose of it when nothing reads it any more.</summary>
    /// <exception cref="ApiException">400, 408.</exception>
    public async Task<BodyBuffer> ReadImageAsync(HttpRequest request)
    {
        if (TypeOf(request) == Bytes)
            return await InTimeAsync(request, token => BodyBuffer.ReadAsync(request.Body, MaxBytes, ApiError.TooLarge, token));
        var body = await ReadJsonAsync(request, ApiJson.Default.UrlRequest);
        return await images.ReadAsync(body?.Url, request.HttpContext.RequestAborted);
    }

    /// <summary>A body of JSON; null when it is something else.</summary>
    /// <exception cref="ApiException">400, 408, 415.</exception>
    public async Task<T?> ReadJsonAsync<T>(HttpRequest request, JsonTypeInfo<T> type)
        where T : class
    {
        if (TypeOf(request) is not Json and var other)
            throw new ApiException(ApiError.MediaType(other.Length <= MostQuoted ? other : other[..MostQuoted]));
        await using var body = await InTimeAsync(request, token => BodyBuffer.ReadAsync(request.Body, MaxJsonBytes, ApiError.TooMuchJson, token));
        try
        {
            return await JsonSerializer.DeserializeAsync(body, type, request.HttpContext.RequestAborted);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private async Task<BodyBuffer> InTimeAsync(HttpRequest request, Func<CancellationToken, Task<BodyBuffer>> read)
    {
        using var limit = new CancellationTokenSource(TimeLimit, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, request.HttpContext.RequestAborted);
        try
        {
            return await read(either.Token);
        }
        catch (OperationCanceledException error) when (limit.IsCancellationRequested)
        {
            throw new ApiException(ApiError.SlowBody, error);
        }
    }

    private static string TypeOf(HttpRequest request) => (request.ContentType ?? "").Split(';')[0].Trim().ToLowerInvariant();
}
