using System.IO.Compression;
using System.Net;
using System.Text.RegularExpressions;

namespace ImageAspire.Tests.Dashboard.Pages;

/// <summary>Styles, scripts and fonts out of the assembly.</summary>
public sealed partial class AssetTests
{
    [Fact]
    public async Task Assets_OfThePages_AreAllThereAndKeptForEver()
    {
        await using var dashboard = await StartedDashboard.StartAsync();
        using var browser = dashboard.Browser(); // open: the sign-in page needs them
        using var signedIn = await dashboard.SignedInAsync();
        var addresses = Address().Matches(await browser.GetStringAsync("/login") + await signedIn.GetStringAsync("/")).Select(match => match.Value).Distinct().ToList();

        addresses.Count.ShouldBeGreaterThanOrEqualTo(4);
        foreach (var address in addresses)
        {
            using var answer = await browser.GetAsync(address);
            answer.StatusCode.ShouldBe(HttpStatusCode.OK, address);
            answer.Headers.CacheControl!.ToString().ShouldContain("immutable", Case.Sensitive, address);
            using var again = await browser.SendAsync(new HttpRequestMessage(HttpMethod.Get, address) { Headers = { { "If-None-Match", answer.Headers.ETag!.Tag } } });
            again.StatusCode.ShouldBe(HttpStatusCode.NotModified, address);
        }
    }

    [Theory]
    [InlineData("br")]
    [InlineData("gzip")]
    public async Task Asset_Compressed_IsTheSame(string encoding)
    {
        await using var dashboard = await StartedDashboard.StartAsync();
        using var browser = dashboard.Browser();
        var address = Address().Matches(await browser.GetStringAsync("/login")).Select(match => match.Value).First(one => one.EndsWith("/app.css", StringComparison.Ordinal));
        var plain = await browser.GetByteArrayAsync(address);

        using var answer = await browser.SendAsync(new HttpRequestMessage(HttpMethod.Get, address) { Headers = { { "Accept-Encoding", encoding } } });
        var bytes = await answer.Content.ReadAsByteArrayAsync();
        using Stream unpacked = encoding == "br" ? new BrotliStream(new MemoryStream(bytes), CompressionMode.Decompress) : new GZipStream(new MemoryStream(bytes), CompressionMode.Decompress);
        using var all = new MemoryStream();
        await unpacked.CopyToAsync(all);

        answer.Content.Headers.ContentEncoding.ShouldBe([encoding]);
        bytes.Length.ShouldBeLessThan(plain.Length / 2);
        all.ToArray().ShouldBe(plain);
    }

    [Theory]
    [InlineData("/assets/x/no-such.css")]
    [InlineData("/assets/x/../../app.css")]
    [InlineData("/assets/x/%2e%2e/app.css")]
    public async Task Asset_Unknown_IsNotThere(string path)
    {
        await using var dashboard = await StartedDashboard.StartAsync();
        using var browser = dashboard.Browser();

        using var answer = await browser.GetAsync(path);

        answer.StatusCode.ShouldBeOneOf(HttpStatusCode.NotFound, HttpStatusCode.SeeOther, HttpStatusCode.BadRequest);
    }

    [GeneratedRegex("/assets/[^\"]+")]
    private static partial Regex Address();
}
