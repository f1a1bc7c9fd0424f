using System.Net;
using ImageAspire.Api.Http;
using ImageAspire.Tests.Http;

namespace ImageAspire.Tests.Api;

/// <summary>To which host names the Api answers: a name that an attacker points at this machine is none (DNS rebinding).</summary>
public sealed class HostNameTests
{
    [Theory]
    [InlineData("evil.example")]
    [InlineData("localhost.evil.example:80")]
    [InlineData("192.0.2.1")]
    public async Task Host_NotOurs_IsRefused(string name)
    {
        await using var host = new ApiHost();

        foreach (var path in (string[])["/api/images", "/", "/signin"])
            await SendAsync(host, path, name).ShouldBeProblemAsync(400, "unknown-host");
    }

    [Theory]
    [InlineData("localhost")]
    [InlineData("LOCALHOST:1234")]
    [InlineData("api.localhost:1234")]
    [InlineData("127.0.0.1")]
    [InlineData("[::1]:5080")]
    public async Task Host_Loopback_IsOursByDefault(string name)
    {
        await using var host = new ApiHost();
        (await SendAsync(host, "/api/images", name)).StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task Host_Configured_IsOursBesideLoopback()
    {
        await using var host = new ApiHost(("AllowedHosts", "images.example; *.internal.example"));

        foreach (var name in (string[])["images.example", "a.internal.example:8080", "localhost"])
            (await SendAsync(host, "/api/images", name)).StatusCode.ShouldBe(HttpStatusCode.OK, name);
        await SendAsync(host, "/api/images", "other.example").ShouldBeProblemAsync(400, "unknown-host");
    }

    [Fact]
    public async Task Host_OnContainerApps_IsANameOfTheEnvironment()
    {
        await using var host = new ApiHost(("CONTAINER_APP_ENV_DNS_SUFFIX", "calm-1.region.example"));

        foreach (var name in (string[])["api.calm-1.region.example", "api--r1.calm-1.region.example"])
            (await SendAsync(host, "/api/images", name)).StatusCode.ShouldBe(HttpStatusCode.OK, name);
        await SendAsync(host, "/api/images", "api.other.region.example").ShouldBeProblemAsync(400, "unknown-host");
    }

    [Theory]
    [InlineData("https://images.example")]
    [InlineData("images.example:80")]
    [InlineData("*images")]
    public void Configured_NoHostName_IsNamed(string names) =>
        new AllowedHosts.Validator().Validate(null, new AllowedHosts { Configured = [names] }).Failures.ShouldHaveSingleItem().ShouldContain("AllowedHosts");

    [Theory]
    [InlineData("/alive")]
    [InlineData("/health")]
    public async Task Probes_ByAnyName_AreAnswered(string path)
    {
        await using var host = new ApiHost();
        (await SendAsync(host, path, "10.0.0.7:8080")).StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    private static Task<HttpResponseMessage> SendAsync(ApiHost host, string path, string name)
    {
        var request = new HttpRequestMessage(HttpMethod.Get, path);
        request.Headers.Host = name;
        return host.Client.SendAsync(request);
    }
}
