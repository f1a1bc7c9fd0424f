using System.Net;
using ImageAspire.Api.Live;
using ImageAspire.Core.Images;
using ImageAspire.Core.Lifecycle;
using ImageAspire.Tests.Http;
using Microsoft.Extensions.DependencyInjection;

namespace ImageAspire.Tests.Api;

/// <summary><c>GET /api/images/{id}?wait=…</c>: the answer comes when the analysis has ended.</summary>
public sealed class AnalysisWaitTests
{
    [Theory]
    [InlineData("60s")]
    [InlineData("60")]
    public async Task Get_WithWait_AnswersWhenTheAnalysisEnds(string wait)
    {
        await using var host = new ApiHost();
        var id = await host.UploadAsync(1);

        var answer = host.Client.GetAsync($"/api/images/{id}?wait={wait}");
        await WaitsAsync(host, 1);
        answer.IsCompleted.ShouldBeFalse();
        await host.AnalyzeAsync(id, "dog");

        var record = await (await answer).ReadAsync<ImageDto>();
        record.Status.ShouldBe("analyzed");
        record.Analysis!.Tags!.ShouldHaveSingleItem().Name.ShouldBe("dog");
        await WaitsAsync(host, 0);
    }

    [Fact]
    public async Task Get_WithWait_RejectedImage_AnswersToo()
    {
        await using var host = new ApiHost();
        var id = await host.UploadAsync(1);

        var answer = host.Client.GetAsync($"/api/images/{id}?wait=60s");
        await WaitsAsync(host, 1);
        await host.TransitionAsync(id, record => ImageLifecycle.Reject(record, new ImageFailure("InspectImage", FailureCodes.Corrupt, "Broken.", 1, Samples.Noon), Cause.Now("test", TimeProvider.System)));

        (await (await answer).ReadAsync<ImageDto>()).Status.ShouldBe("rejected");
    }

    [Fact]
    public async Task Get_WithWait_NothingEnds_AnswersWhenTheTimeIsOver()
    {
        await using var host = new ApiHost();
        var id = await host.UploadAsync(1);

        (await host.Client.GetAsync<ImageDto>($"/api/images/{id}?wait=1s")).Status.ShouldBe("received");
    }

    [Fact]
    public async Task Get_WithWait_AnalyzedAlready_AnswersAtOnce()
    {
        await using var host = new ApiHost();
        var id = await host.UploadAsync(1);
        await host.AnalyzeAsync(id, "dog");

        var answer = await host.Client.GetAsync($"/api/images/{id}?wait=60s").WaitAsync(TimeSpan.FromSeconds(30));

        answer.StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task Get_WithWait_NoChangeSince_IsNotModified()
    {
        await using var host = new ApiHost();
        var id = await host.UploadAsync(1);
        using var first = await host.Client.GetAsync($"/api/images/{id}");
        using var request = new HttpRequestMessage(HttpMethod.Get, $"/api/images/{id}?wait=1s") { Headers = { { "If-None-Match", first.Headers.ETag!.ToString() } } };

        (await host.Client.SendAsync(request)).StatusCode.ShouldBe(HttpStatusCode.NotModified);
    }

    [Fact]
    public async Task Get_WithWait_DeletedMeanwhile_Is404()
    {
        await using var host = new ApiHost();
        var id = await host.UploadAsync(1);

        var answer = host.Client.GetAsync($"/api/images/{id}?wait=60s");
        await WaitsAsync(host, 1);
        (await host.Client.DeleteAsync($"/api/images/{id}")).Dispose();

        await answer.ShouldBeProblemAsync(404, "in-trash");
    }

    [Fact]
    public async Task Get_WithWait_KeyRevokedMeanwhile_GetsNothing()
    {
        await using var host = new ApiHost();
        var id = await host.UploadAsync(1);
        var (key, secret) = await host.CreateKeyAsync("partner", "read");
        using var partner = host.ClientWith(secret);

        var answer = partner.GetAsync($"/api/images/{id}?wait=60s");
        await WaitsAsync(host, 1);
        (await host.Client.DeleteAsync($"/api/keys/{key}")).Dispose();

        await answer.ShouldBeProblemAsync(503, "busy");
        await partner.GetAsync($"/api/images/{id}?wait=60s").ShouldBeProblemAsync(401, "revoked-key");
    }

    [Fact]
    public async Task Get_WithWait_SignedOutMeanwhile_GetsNothing()
    {
        await using var host = new ApiHost();
        var id = await host.UploadAsync(1);
        using var browser = await host.SignedInAsync();

        var answer = browser.GetAsync($"/api/images/{id}?wait=60s");
        await WaitsAsync(host, 1);
        (await browser.SignOutAsync()).Dispose();

        await answer.ShouldBeProblemAsync(503, "busy");
    }

    [Fact]
    public async Task Get_MoreWaitsThanAKeyMayHave_AnswersAtOnce()
    {
        await using var host = new ApiHost(("Api:LiveClientsPerKey", "1"));
        var id = await host.UploadAsync(1);
        using var end = new CancellationTokenSource();
        var first = host.Client.GetAsync($"/api/images/{id}?wait=60s", end.Token);
        await WaitsAsync(host, 1);

        using var second = await host.Client.GetAsync($"/api/images/{id}?wait=60s").WaitAsync(TimeSpan.FromSeconds(30));
        (await second.ReadAsync<ImageDto>()).Status.ShouldBe("received");

        await end.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(first);
        await WaitsAsync(host, 0); // a client that went away has no place
    }

    [Fact]
    public async Task Stop_WhileARequestWaits_AnswersIt()
    {
        await using var host = new ApiHost();
        var id = await host.UploadAsync(1);
        var answer = host.Client.GetAsync($"/api/images/{id}?wait=60s");
        await WaitsAsync(host, 1);

        host.Services.GetRequiredService<AnalysisWaits>().Close();

        (await (await answer).ReadAsync<ImageDto>()).Status.ShouldBe("received");
        (await host.Client.GetAsync<ImageDto>($"/api/images/{id}?wait=60s")).Status.ShouldBe("received"); // none begins any more
    }

    [Theory]
    [InlineData("61s")]
    [InlineData("-1")]
    [InlineData("1m")]
    [InlineData("soon")]
    [InlineData("1.5s")]
    public async Task Get_BadWait_SaysWhatItMayBe(string wait)
    {
        await using var host = new ApiHost();

        await host.Client.GetAsync($"/api/images/{Guid.NewGuid()}?wait={wait}").ShouldBeProblemAsync(400, "invalid-parameter");
    }

    private static Task WaitsAsync(ApiHost host, int count) => Eventually.TrueAsync(() => host.Services.GetRequiredService<AnalysisWaits>().Count == count);
}
