namespace ImageAspire.Tests.Api;

/// <summary>Bodies in chunks whose size is no size: the client's fault, and not the store's.</summary>
public sealed class ChunkedBodyTests
{
    private const string Multipart = "multipart/form-data; boundary=b";

    [Theory]
    [InlineData("POST", "/api/images", "image/jpeg", "malformed-request")]
    [InlineData("POST", "/api/images", Multipart, "malformed-multipart")]
    [InlineData("PATCH", "/api/images/{id}", "application/merge-patch+json", "malformed-request")]
    [InlineData("POST", "/api/keys", "application/json", "malformed-request")]
    [InlineData("POST", "/api/webhooks", "application/json", "malformed-request")]
    public async Task Chunk_SizeThatOverflows_IsMalformed(string method, string path, string type, string code)
    {
        await using var host = new ApiHost();
        var id = await host.UploadAsync(1);
        foreach (var size in (string[])["80000000", "FFFFFFFFF", "ffffffffffffffff", "7fffffff0"])
        {
            var answer = await RawHttp.SendAsync(host, $"{method} {path.Replace("{id}", $"{id}")} HTTP/1.1\r\nHost: localhost\r\nX-API-Key: {ApiHost.AllKey}\r\n"
                + $"Content-Type: {type}\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n{size}\r\nx\r\n0\r\n\r\n");
            answer.ShouldStartWith("HTTP/1.1 400", customMessage: size);
            answer.ShouldContain($"\"code\":\"{code}\"");
        }
    }
}
