using System.Net;
using System.Text.Json;

namespace ImageAspire.Tests.Vision;

/// <summary>What tests say of answers of the vision service.</summary>
internal static class VisionErrors
{
    /// <summary>It is an error of the public API's shape.</summary>
    public static async Task ShouldBeErrorAsync(this HttpResponseMessage answer, int status, string code, string? inner = null, string? what = null)
    {
        var body = await answer.JsonAsync();
        ((int)answer.StatusCode).ShouldBe(status, $"{what} {body}");
        answer.Content.Headers.ContentType!.ToString().ShouldBe("application/json; charset=utf-8");
        answer.Headers.GetValues("x-ms-error-code").ShouldBe([inner ?? code]);
        Guid.TryParse(answer.Headers.GetValues("apim-request-id").Single(), out _).ShouldBeTrue();
        var error = body.GetProperty("error");
        error.GetProperty("code").GetString().ShouldBe(code, $"{what} {body}");
        error.GetProperty("message").GetString().ShouldNotBeNullOrEmpty();
        (error.TryGetProperty("innererror", out var detail) ? detail.GetProperty("code").GetString() : null).ShouldBe(inner, $"{what} {body}");
        if (inner is not null)
            detail.GetProperty("message").GetString().ShouldNotBeNullOrEmpty();
    }

    public static async Task<JsonElement> JsonAsync(this HttpResponseMessage answer)
    {
        using var json = JsonDocument.Parse(await answer.Content.ReadAsByteArrayAsync());
        return json.RootElement.Clone();
    }

    public static async Task<JsonElement> OkAsync(this HttpResponseMessage answer)
    {
        var body = await answer.JsonAsync();
        answer.StatusCode.ShouldBe(HttpStatusCode.OK, $"{body}");
        return body;
    }
}
