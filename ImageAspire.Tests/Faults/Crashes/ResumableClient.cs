using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;

namespace ImageAspire.Tests.Faults.Crashes;

/// <summary>
/// Uploads images by tus, in pieces: after whatever happened it asks for the offset and goes on there. Some uploads it leaves unfinished or deletes.
/// </summary>
/// <param name="calls">The Api.</param>
/// <param name="oracle">Where it records what was acknowledged.</param>
/// <param name="shared">Images that several clients use.</param>
/// <param name="random">What it does next.</param>
internal sealed class ResumableClient(CrashCalls calls, TestOracle oracle, SharedImages shared, Random random)
{
    private const int MaxPiece = 60_000;
    private TrackedUpload? _current;

    /// <summary>The next step of its upload.</summary>
    public async Task NextAsync()
    {
        if ((_current ??= await BeginAsync()) is not { } upload)
            return;
        if (!upload.MayBeWhole && random.Next(20) == 0)
        {
            await LeaveAsync(upload);
            _current = null;
        }
        else if (await ContinueAsync(upload, MaxPiece))
        {
            _current = null;
        }
    }

    /// <summary>Continues an upload where the Api says; true when it has become an image.</summary>
    public async Task<bool> ContinueAsync(TrackedUpload upload, int maxPiece)
    {
        if (await OffsetAsync(upload) is { } offset && upload.ImageId is null)
            await SendPieceAsync(upload, offset, (int)Math.Min(upload.Image.Bytes.Length - offset, 1 + random.Next(maxPiece)));
        return upload.ImageId is not null;
    }

    /// <summary>Asks for the offset; null when no answer came.</summary>
    public async Task<long?> OffsetAsync(TrackedUpload upload)
    {
        if (await SendAsync(HttpMethod.Head, upload.Address, null, upload.Image) is not { } answer)
            return null;
        if (answer.Status is HttpStatusCode.NotFound or HttpStatusCode.Gone)
            oracle.Violations.Enqueue($"{upload.Image.Name}: its upload was acknowledged, and is gone ({answer.Status}).");
        if (answer.Status != HttpStatusCode.OK || !long.TryParse(answer.Header("Upload-Offset"), out var offset))
            return null;
        if (offset < upload.Offset || offset > upload.Image.Bytes.Length)
            oracle.Violations.Enqueue($"{upload.Image.Name}: {upload.Offset} of {upload.Image.Bytes.Length} bytes were acknowledged, and {offset} are there.");
        upload.Offset = offset;
        if (offset == upload.Image.Bytes.Length)
            Finished(upload, answer.Headers.Location?.ToString().Split('/')[^1]);
        return offset;
    }

    /// <summary>Asks for one that was deleted.</summary>
    public async Task<bool> IsGoneAsync(TrackedUpload upload) => await SendAsync(HttpMethod.Head, upload.Address, null, upload.Image) is { Status: HttpStatusCode.NotFound };

    private async Task<TrackedUpload?> BeginAsync()
    {
        var image = random.Next(5) == 0 ? shared.Any(random) : shared.New(large: true);
        if (image is null)
            return null;
        using var request = Request(HttpMethod.Post, "/api/uploads");
        request.Headers.Add("Upload-Length", $"{image.Bytes.Length}");
        request.Headers.Add("Upload-Metadata", $"filename {Convert.ToBase64String(Encoding.UTF8.GetBytes(image.Name))}");
        if (await calls.SendAsync(request, image) is not { Status: HttpStatusCode.Created } answer)
        {
            shared.NotAcknowledged(image);
            return null;
        }

        oracle.Count("resumable uploads begun");
        var upload = new TrackedUpload(image, answer.Headers.Location!.ToString());
        oracle.Add(upload);
        return upload;
    }

    private async Task SendPieceAsync(TrackedUpload upload, long offset, int length)
    {
        var piece = upload.Image.Bytes.AsMemory((int)offset, length);
        if (offset + length == upload.Image.Bytes.Length)
        {
            upload.MayBeWhole = true;
            upload.Image.Uploading();
        }

        using var request = Request(HttpMethod.Patch, upload.Address);
        request.Headers.Add("Upload-Offset", $"{offset}");
        if (random.Next(3) == 0)
            request.Headers.Add("Upload-Checksum", $"sha256 {Convert.ToBase64String(SHA256.HashData(piece.Span))}");
        request.Content = new PacedContent(piece);
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/offset+octet-stream");
        if (await calls.SendAsync(request, upload.Image) is not { Status: HttpStatusCode.NoContent } answer)
            return;
        oracle.Count("pieces acknowledged");
        upload.Offset = offset + length;
        if (answer.Header("Upload-Offset") != $"{upload.Offset}")
            oracle.Violations.Enqueue($"{upload.Image.Name}: {length} bytes from {offset} on were acknowledged as offset {answer.Header("Upload-Offset")}.");
        // Not MayBeWhole: the last piece may have been broken off half-way, and this be one before the end again.
        if (upload.Offset == upload.Image.Bytes.Length)
            Finished(upload, answer.Header("Image-Id"));
    }

    private void Finished(TrackedUpload upload, string? image)
    {
        if (!Guid.TryParse(image, out var id))
        {
            oracle.Violations.Enqueue($"{upload.Image.Name}: all bytes of its upload are acknowledged, and it names no image.");
            return;
        }

        upload.ImageId = id;
        upload.Image.Uploaded(id);
        shared.Acknowledged(upload.Image);
        oracle.Count("resumable uploads acknowledged");
    }

    private async Task LeaveAsync(TrackedUpload upload)
    {
        upload.Left = true;
        oracle.Count("resumable uploads left unfinished");
        if (random.Next(2) == 0)
            upload.Deleted = await SendAsync(HttpMethod.Delete, upload.Address, null, upload.Image) is { } answer ? answer.Status == HttpStatusCode.NoContent : null;
    }

    private async Task<CrashAnswer?> SendAsync(HttpMethod method, string address, HttpContent? body, TrackedImage image)
    {
        using var request = Request(method, address);
        request.Content = body;
        return await calls.SendAsync(request, image);
    }

    private static HttpRequestMessage Request(HttpMethod method, string address)
    {
        var request = new HttpRequestMessage(method, address);
        request.Headers.Add("Tus-Resumable", "1.0.0");
        return request;
    }

    /// <summary>Bytes that come little by little, so that the Api also dies between them.</summary>
    private sealed class PacedContent(ReadOnlyMemory<byte> bytes) : HttpContent
    {
        private const int AtOnce = 12_000;
        private static readonly TimeSpan Pace = TimeSpan.FromMilliseconds(10);

        protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context)
        {
            for (var at = 0; at < bytes.Length; at += AtOnce)
            {
                await stream.WriteAsync(bytes[at..Math.Min(at + AtOnce, bytes.Length)]);
                await stream.FlushAsync();
                await Task.Delay(Pace);
            }
        }

        protected override bool TryComputeLength(out long length)
        {
            length = bytes.Length;
            return true;
        }
    }
}
