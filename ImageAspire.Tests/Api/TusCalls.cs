using System.Net.Http.Headers;
using System.Text;

namespace ImageAspire.Tests.Api;

/// <summary>The protocol tus 1.0.0 in single calls.</summary>
internal static class TusCalls
{
    public const string ChunkType = "application/offset+octet-stream";

    public static string Metadata(string name) => $"filename {Convert.ToBase64String(Encoding.UTF8.GetBytes(name))}";

    /// <summary>The files of bytes that are not an image yet.</summary>
    public static string[] PartsOf(ApiHost host) => Directory.Exists(Path.Combine(host.DataFolder, "uploads"))
        ? Directory.GetFiles(Path.Combine(host.DataFolder, "uploads"), "*.part", SearchOption.AllDirectories) : [];

    public static HttpRequestMessage Request(string method, string address, params (string Name, string Value)[] headers)
    {
        var request = new HttpRequestMessage(new HttpMethod(method), address);
        request.Headers.Add("Tus-Resumable", "1.0.0");
        foreach (var (name, value) in headers)
            request.Headers.Add(name, value);
        return request;
    }

    public static Task<HttpResponseMessage> TusAsync(this HttpClient client, string method, string address, params (string Name, string Value)[] headers) =>
        client.SendAsync(Request(method, address, headers));

    public static Task<HttpResponseMessage> PatchAsync(this HttpClient client, string address, long offset, byte[] chunk, params (string Name, string Value)[] headers) =>
        client.SendAsync(PatchRequest(address, offset, new ByteArrayContent(chunk), headers));

    public static HttpRequestMessage PatchRequest(string address, long offset, HttpContent body, params (string Name, string Value)[] headers)
    {
        var request = Request("PATCH", address, [.. headers, ("Upload-Offset", $"{offset}")]);
        request.Content = body;
        body.Headers.ContentType = new MediaTypeHeaderValue(ChunkType);
        return request;
    }

    /// <summary>Begins an upload; its address.</summary>
    public static async Task<string> BeginAsync(this HttpClient client, long length, string name = "photo.jpg")
    {
        using var answer = await client.TusAsync("POST", "/api/uploads", ("Upload-Length", $"{length}"), ("Upload-Metadata", Metadata(name)));
        ((int)answer.StatusCode).ShouldBe(201, await answer.Content.ReadAsStringAsync());
        return answer.Headers.Location!.ToString();
    }

    public static async Task<long> OffsetAsync(this HttpClient client, string address)
    {
        using var answer = await client.TusAsync("HEAD", address);
        ((int)answer.StatusCode).ShouldBe(200);
        return long.Parse(answer.Header("Upload-Offset")!);
    }

    public static string? Header(this HttpResponseMessage answer, string name) =>
        answer.Headers.TryGetValues(name, out var values) || answer.Content.Headers.TryGetValues(name, out values) ? string.Join(",", values) : null;
}

/// <summary>A body that says it is longer than what it brings, and then waits until it is let go.</summary>
/// <param name="bytes">What it brings.</param>
/// <param name="length">What it says.</param>
internal sealed class StuckContent(byte[] bytes, long length) : HttpContent
{
    private readonly TaskCompletionSource _letGo = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Breaks the connection off.</summary>
    public void Break() => _letGo.TrySetException(new IOException("The connection is broken off."));

    protected override async Task SerializeToStreamAsync(Stream stream, System.Net.TransportContext? context)
    {
        await stream.WriteAsync(bytes);
        await stream.FlushAsync();
        await _letGo.Task;
    }

    protected override bool TryComputeLength(out long computed)
    {
        computed = length;
        return true;
    }
}
