using ImageAspire.Core.Ports;
using Microsoft.Extensions.Logging;

namespace ImageAspire.Tests.Vision;

/// <summary>What is not asked for after a failure, and for how long.</summary>
public sealed partial class VisionVectorizerTests
{
    private static readonly TimeSpan Brief = TimeSpan.FromSeconds(1);

    [Theory]
    [InlineData(400)]
    [InlineData(404)]
    public async Task OfText_NotOffered_NoVectorAndNoRequestForMinutes(int status)
    {
        await using var service = await FakeVisionService.StartAsync(FakeVisionService.Error(status, "NotSupported"), Vector("m", Numbers(8)));
        using var vectorizer = At(service);

        (await vectorizer.OfTextAsync("dog", Patience, None)).ShouldBeNull();
        (await vectorizer.OfTextAsync("cat", Patience, None)).ShouldBeNull();
        service.Requests.Count.ShouldBe(1);
        _log.Collector.GetSnapshot().ShouldHaveSingleItem().Level.ShouldBe(LogLevel.Warning);
        (await vectorizer.OfImageAsync(new byte[] { 1 }, Patience, None)).ShouldNotBeNull(); // the other route has a pause of its own

        _time.Advance(TimeSpan.FromMinutes(6));
        (await vectorizer.OfTextAsync("cat", Patience, None)).ShouldNotBeNull();
    }

    [Theory]
    [InlineData(400, "InvalidImageSize")]
    [InlineData(400, "InvalidRequest")]
    [InlineData(413, "TooLarge")]
    public async Task OfImage_NotOfThisOne_TheNextIsAskedFor(int status, string code)
    {
        await using var service = await FakeVisionService.StartAsync(FakeVisionService.Error(status, code), Vector("m", Numbers(8)));
        using var vectorizer = At(service);

        (await vectorizer.OfImageAsync(new byte[] { 1 }, Patience, None)).ShouldBeNull();
        (await vectorizer.OfImageAsync(new byte[] { 2 }, Patience, None)).ShouldNotBeNull();

        _log.Collector.GetSnapshot().ShouldHaveSingleItem().Level.ShouldBe(LogLevel.Information);
    }

    [Fact]
    public async Task OfImage_FailureOfAMomentAgo_IsWaitedOutAndAnOldOneIsNot()
    {
        await using var service = await FakeVisionService.StartAsync(
            FakeVisionService.Error(500, "Broken"), Vector("m", Numbers(8)), FakeVisionService.Error(500, "Broken"), FakeVisionService.Error(500, "Broken"));
        using var vectorizer = At(service);
        await Should.ThrowAsync<VectorizerUnavailableException>(() => vectorizer.OfImageAsync(new byte[] { 1 }, Patience, None));

        (await PassAsync(vectorizer.OfImageAsync(new byte[] { 1 }, Patience, None))).ShouldNotBeNull();

        for (var i = 0; i < 5; i++)
            await Should.ThrowAsync<VectorizerUnavailableException>(() => PassAsync(vectorizer.OfImageAsync(new byte[] { 1 }, Patience, None)));
        var requests = service.Requests.Count;
        await Should.ThrowAsync<VectorizerUnavailableException>(() => vectorizer.OfImageAsync(new byte[] { 1 }, Patience, None)); // time stands still
        service.Requests.Count.ShouldBe(requests);
    }

    [Fact]
    public async Task OfText_Broken_OneWarningAndAPauseUntilItWorks()
    {
        await using var service = await FakeVisionService.StartAsync(
            FakeVisionService.Error(500, "Broken"), FakeVisionService.Error(500, "Broken"), Vector("m", Numbers(8)), FakeVisionService.Error(500, "Broken"));
        using var vectorizer = At(service);
        for (var i = 0; i < 2; i++)
        {
            await Should.ThrowAsync<VectorizerUnavailableException>(() => vectorizer.OfTextAsync("dog", Patience, None));
            await Should.ThrowAsync<VectorizerUnavailableException>(() => vectorizer.OfTextAsync("dog", Brief, None)); // at once
            _time.Advance(TimeSpan.FromSeconds(11));
        }

        service.Requests.Count.ShouldBe(2);
        _log.Collector.Count.ShouldBe(1);
        (await vectorizer.OfTextAsync("dog", Patience, None)).ShouldNotBeNull();
        await Should.ThrowAsync<VectorizerUnavailableException>(() => vectorizer.OfTextAsync("dog", Patience, None));
        _log.Collector.Count.ShouldBe(2); // a new outage
    }

    [Fact]
    public async Task OfText_Busy_IsAskedAgainAsTheServiceSays()
    {
        await using var service = await FakeVisionService.StartAsync(FakeVisionService.Error(503, "Busy", retryAfter: "2"), Vector("m", Numbers(8)));
        using var vectorizer = At(service);

        (await PassAsync(vectorizer.OfTextAsync("dog", Patience, None))).ShouldNotBeNull();
        service.Requests.Count.ShouldBe(2);
    }

    // Lets time pass until it has ended.
    private async Task<T> PassAsync<T>(Task<T> task)
    {
        await Eventually.TrueAsync(() =>
        {
            _time.Advance(TimeSpan.FromSeconds(1));
            return task.IsCompleted;
        });
        return await task;
    }
}
