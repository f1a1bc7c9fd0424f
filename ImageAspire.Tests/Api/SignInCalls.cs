namespace ImageAspire.Tests.Api;

/// <summary>What the sign-in page sends.</summary>
internal static class SignInCalls
{
    /// <summary>Posts the form of the sign-in page, as a page of this site does.</summary>
    public static Task<HttpResponseMessage> SignInAsync(this HttpClient browser, string secret, string? back = null, string? site = "same-origin", string? origin = null) =>
        browser.PostFormAsync("/signin", [new("token", secret), new("return", back ?? "/")], site, origin);

    public static Task<HttpResponseMessage> SignOutAsync(this HttpClient browser, string? site = "same-origin", string? origin = null) =>
        browser.PostFormAsync("/signout", [], site, origin);

    /// <summary>A navigation in a browser, from another site or from this one.</summary>
    public static async Task<HttpResponseMessage> OpenAsync(this HttpClient browser, string path, string site)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        request.Headers.Add("Sec-Fetch-Site", site);
        return await browser.SendAsync(request);
    }

    private static async Task<HttpResponseMessage> PostFormAsync(
        this HttpClient browser, string path, IEnumerable<KeyValuePair<string, string>> form, string? site, string? origin)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = new FormUrlEncodedContent(form) };
        if (site is not null)
            request.Headers.Add("Sec-Fetch-Site", site);
        if (origin is not null)
            request.Headers.Add("Origin", origin);
        return await browser.SendAsync(request);
    }
}
