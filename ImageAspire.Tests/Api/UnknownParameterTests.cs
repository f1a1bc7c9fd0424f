using ImageAspire.Tests.Http;

namespace ImageAspire.Tests.Api;

/// <summary>A query parameter that an address does not have is a mistake of the client, and is said.</summary>
public sealed class UnknownParameterTests
{
    [Theory]
    [InlineData("/api/images?tagg=dog", "tag")]
    [InlineData("/api/images?limit=5&wait=30s", "cursor")]
    [InlineData("/api/images?%0A=1", "cursor")]
    [InlineData("/api/images/01a1fc93-f8c3-7067-a5fa-fd8fb010ca2d?fields=name", "wait")]
    [InlineData("/api/images/01a1fc93-f8c3-7067-a5fa-fd8fb010ca2d/similar?q=dog", "limit")]
    [InlineData("/api/images/01a1fc93-f8c3-7067-a5fa-fd8fb010ca2d/thumbnail?width=10", "size")]
    [InlineData("/api/events?image=01a1fc93-f8c3-7067-a5fa-fd8fb010ca2d", "lastEventId")]
    [InlineData("/api/audit?since=2026-01-01", "from")]
    [InlineData("/api/webhooks?limit=5", "none")]
    [InlineData("/api/operations/stages?name=AnalyzeImage", "none")]
    public async Task Get_UnknownParameter_Is400AndNamesThoseThatThereAre(string address, string known)
    {
        await using var host = new ApiHost();

        using var answer = await host.Client.GetAsync(address);

        (await answer.Content.ReadAsStringAsync()).ShouldContain(known);
        await answer.ShouldBeProblemAsync(400, "invalid-parameter");
    }

    [Fact]
    public async Task Delete_UnknownParameter_Is400()
    {
        await using var host = new ApiHost();

        await host.Client.DeleteAsync("/api/operations/dead-letters/x?why=nothing").ShouldBeProblemAsync(400, "invalid-parameter");
    }

    [Theory]
    [InlineData("/api/images?LIMIT=5")]
    [InlineData("/api/images?limit=5&sort=name&status=analyzed")]
    public async Task Get_KnownParameters_AreTaken(string address)
    {
        await using var host = new ApiHost();

        (await host.Client.GetAsync(address)).IsSuccessStatusCode.ShouldBeTrue();
    }

    [Fact]
    public async Task Get_UnknownParameterWithoutKey_Is401()
    {
        await using var host = new ApiHost();
        using var stranger = host.ClientWith(null);

        await stranger.GetAsync("/api/images?tagg=dog").ShouldBeProblemAsync(401, "missing-key");
    }
}
