namespace ImageAspire.Tests.Api;

/// <summary>Headers, sizes, slow clients, other sites.</summary>
public sealed class HardeningTests
{
    [Fact]
    public async Task EveryAnswer_GoodOrBad_HasTheSecurityHeaders()
    {
        await using var host = new ApiHost();
        var id = await host.UploadAsync(1, "a \"quoted\"\r\n.html");
        using var anonymous = host.ClientWith(null);
        HttpResponseMessage[] answers =
        [
            await host.Client.GetAsync("/"), await host.Client.GetAsync("/api/images"), await host.Client.GetAsync($"/api/images/{id}/content"),
            await host.Client.GetAsync("/api/nothing"), await host.Client.PutAsync("/api/images", null), await anonymous.GetAsync("/api/images"), await anonymous.GetAsync("/signin"),
            await host.Client.GetAsync("/api/images?cursor=x"), // an exception, turned into a problem after the answer was cleared
        ];

        foreach (var answer in answers)
        {
            string Header(string name) => answer.Headers.TryGetValues(name, out var values) ? string.Join(',', values) : "";
            var where = answer.RequestMessage!.RequestUri!.ToString();
            Header("X-Content-Type-Options").ShouldBe("nosniff", where);
            Header("X-Frame-Options").ShouldBe("DENY", where);
            Header("Referrer-Policy").ShouldBe("same-origin", where);
            Header("Content-Security-Policy").ShouldStartWith("default-src 'none'", customMessage: where);
            Header("Cross-Origin-Resource-Policy").ShouldBe("same-origin", where);
            Header("Server").ShouldBe("", where);
        }
    }

    [Fact]
    public async Task Content_WhateverItsName_IsAnImageThatABrowserDoesNotRun()
    {
        await using var host = new ApiHost();
        var id = await host.UploadAsync(1, "evil\"; filename=x.html");

        using var shown = await host.Client.GetAsync($"/api/images/{id}/content");
        using var saved = await host.Client.GetAsync($"/api/images/{id}/content?download=1");

        shown.Content.Headers.ContentType!.MediaType.ShouldBe("image/jpeg");
        shown.Headers.GetValues("Content-Security-Policy").Single().ShouldContain("sandbox");
        shown.Content.Headers.ContentDisposition!.DispositionType.ShouldBe("inline");
        saved.Content.Headers.ContentDisposition!.DispositionType.ShouldBe("attachment");
        saved.Content.Headers.ContentDisposition.FileNameStar.ShouldBe("evil\"; filename=x.html");
    }

    [Fact]
    public async Task OtherSites_Preflight_IsNotAllowed()
    {
        await using var host = new ApiHost();
        using var browser = host.ClientWith(null);
        foreach (var path in (string[])["/api/images", "/api/keys", "/signin", "/"])
        {
            using var preflight = new HttpRequestMessage(HttpMethod.Options, path);
            preflight.Headers.Add("Origin", "https://elsewhere.example");
            preflight.Headers.Add("Access-Control-Request-Method", "POST");
            using var answer = await browser.SendAsync(preflight);
            answer.Headers.ShouldNotContain(header => header.Key.StartsWith("Access-Control-", StringComparison.OrdinalIgnoreCase), path);
        }
    }

    [Fact]
    public async Task Headers_TooLargeOrTooMany_AreRefused()
    {
        await using var host = new ApiHost();
        var many = string.Concat(Enumerable.Range(0, 101).Select(i => $"X-{i}: y\r\n"));

        (await RawHttp.SendAsync(host, $"GET /alive HTTP/1.1\r\nHost: localhost\r\nX-Large: {new string('x', 33_000)}\r\n\r\n")).ShouldStartWith("HTTP/1.1 431");
        (await RawHttp.SendAsync(host, $"GET /alive HTTP/1.1\r\nHost: localhost\r\n{many}\r\n")).ShouldStartWith("HTTP/1.1 431");
        (await RawHttp.SendAsync(host, $"GET /{new string('x', 9_000)} HTTP/1.1\r\nHost: localhost\r\n\r\n")).ShouldStartWith("HTTP/1.1 414");
    }

    [Trait("Category", "Slow")]
    [Fact]
    public async Task Headers_ThatNeverEnd_EndTheConnection()
    {
        await using var host = new ApiHost(("Api:RequestHeadersTimeout", "00:00:01"));
        (await RawHttp.SendAsync(host, "GET /alive HTTP/1.1\r\nHost: localhost\r\nX-Slow: ")).ShouldStartWith("HTTP/1.1 408");
    }

    [Trait("Category", "Slow")]
    [Fact]
    public async Task Body_ThatNeverComes_EndsTheUpload()
    {
        await using var host = new ApiHost();
        var answer = await RawHttp.SendAsync(host, $"POST /api/images HTTP/1.1\r\nHost: localhost\r\nX-API-Key: {ApiHost.WriteKey}\r\nContent-Type: image/jpeg\r\nContent-Length: 100000\r\n\r\nx");
        answer.ShouldStartWith("HTTP/1.1 408");
        answer.ShouldContain("\"code\":\"too-slow\"");
        host.StagedFiles.ShouldBe(0);
    }
}
