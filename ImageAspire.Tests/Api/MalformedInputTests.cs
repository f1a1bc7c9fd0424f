using System.Net;
using System.Net.Http.Headers;
using System.Text;
using ImageAspire.Tests.Http;

namespace ImageAspire.Tests.Api;

/// <summary>Input that parsers accept and that is no text, no form, no range or no end.</summary>
public sealed class MalformedInputTests
{
    [Theory]
    [InlineData("""{"name":"a\ud800"}""")]
    [InlineData("""{"name":"\udc00a"}""")]
    [InlineData("""{"tags":["\ud800"]}""")]
    [InlineData("""{"\ud800":1}""")]
    [InlineData("{\"name\":\"\u00ff\"}", true)]
    public async Task JsonBody_TextThatIsNotUnicode_IsMalformedEverywhere(string json, bool latin1 = false)
    {
        await using var host = new ApiHost();
        var id = await host.UploadAsync(1);
        var body = latin1 ? Encoding.Latin1.GetBytes(json) : Encoding.UTF8.GetBytes(json);

        await host.Client.PatchAsync($"/api/images/{id}", Json(body, "application/merge-patch+json")).ShouldBeProblemAsync(400, "malformed-json");
        await host.Client.PostAsync("/api/keys", Json(body)).ShouldBeProblemAsync(400, "malformed-json");
        await host.Client.PostAsync("/api/webhooks", Json(body)).ShouldBeProblemAsync(400, "malformed-json");
    }

    [Fact]
    public async Task JsonBody_ByteOrderMarkAndTypeInCapitals_AreAccepted()
    {
        await using var host = new ApiHost();
        var id = await host.UploadAsync(1);

        using var answer = await host.Client.PatchAsync($"/api/images/{id}", Json([0xEF, 0xBB, 0xBF, .. """{"name":"\ud83d\ude00"}"""u8], "Application/Merge-Patch+JSON"));

        (await answer.ReadAsync<ImageDto>()).Name.ShouldBe("\U0001F600");
    }

    [Theory]
    [InlineData("\u202egpj")]
    [InlineData("x\u200by")]
    [InlineData("a\u0001")]
    public async Task Tags_InvisibleCharacters_AreRefused(string tag)
    {
        await using var host = new ApiHost();
        var id = await host.UploadAsync(1);

        await host.Client.PatchAsync($"/api/images/{id}", JsonContentOf(new { tags = new[] { tag } })).ShouldBeProblemAsync(400, "invalid-tags");
    }

    [Fact]
    public async Task SignIn_FormThatCannotBeRead_IsAWrongSecret()
    {
        await using var host = new ApiHost();
        using var browser = host.ClientWith(null);
        using var request = new HttpRequestMessage(HttpMethod.Post, "/signin") { Content = new StringContent("token=%00", Encoding.ASCII, "application/x-www-form-urlencoded") };
        request.Headers.Add("Sec-Fetch-Site", "same-origin");

        using var answer = await browser.SendAsync(request);

        answer.StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
    }

    [Fact]
    public async Task Content_RangeOfAnotherUnit_IsIgnored()
    {
        await using var host = new ApiHost();
        var id = await host.UploadAsync(1);
        using var request = new HttpRequestMessage(HttpMethod.Get, $"/api/images/{id}/content");
        request.Headers.TryAddWithoutValidation("Range", "items=0-1").ShouldBeTrue();

        using var answer = await host.Client.SendAsync(request);

        answer.StatusCode.ShouldBe(HttpStatusCode.OK);
        (await answer.Content.ReadAsByteArrayAsync()).ShouldBe(TestImages.Jpeg(seed: 1));
    }

    [Fact]
    public async Task Upload_PartsWithoutEnd_AreRefusedSoon()
    {
        await using var host = new ApiHost();
        var body = Encoding.ASCII.GetBytes(string.Concat(Enumerable.Repeat("--b\r\n\r\n\r\n", 5_000)) + "--b--\r\n");

        await host.Client.PostAsync("/api/images", Json(body, "multipart/form-data; boundary=b")).ShouldBeProblemAsync(413, "too-large");

        host.StoredFiles.ShouldBe(0);
    }

    private static ByteArrayContent JsonContentOf(object value) => Json(System.Text.Json.JsonSerializer.SerializeToUtf8Bytes(value), "application/merge-patch+json");

    private static ByteArrayContent Json(byte[] body, string type = "application/json")
    {
        var content = new ByteArrayContent(body);
        content.Headers.ContentType = MediaTypeHeaderValue.Parse(type);
        return content;
    }
}
