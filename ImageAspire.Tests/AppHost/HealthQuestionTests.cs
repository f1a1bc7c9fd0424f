using ImageAspire.AppHost.Embedded;
using ImageAspire.Dashboard.Resources;
using ImageAspire.Tests.Vision;

namespace ImageAspire.Tests.AppHost;

/// <summary>What AppHost makes of what a service answers.</summary>
public sealed class HealthQuestionTests
{
    [Fact]
    public async Task Ask_AServiceWithReports_HasEachWithItsReason()
    {
        var answer = await AskAsync(503, """
            {"status":"Unhealthy","results":{"topic":{"status":"Unhealthy","description":"the disk is full"},"analyzer":{"status":"Degraded"},"blobs":{"status":"Healthy"}}}
            """);

        answer.IsReady.ShouldBeTrue();
        answer.Worst.ShouldBe(ResourceHealth.Unhealthy);
        answer.Reports.ShouldBe([
            new HealthReport("analyzer", ResourceHealth.Degraded, ""), new HealthReport("blobs", ResourceHealth.Healthy, ""),
            new HealthReport("topic", ResourceHealth.Unhealthy, "the disk is full")]);
    }

    [Fact]
    public async Task Ask_AServiceThatComesUp_IsNotReady() => (await AskAsync(503, """{"status":"Starting"}""")).IsReady.ShouldBeFalse();

    [Fact]
    public async Task Ask_AServiceWithoutReports_HasTheWhole() =>
        (await AskAsync(200, """{"status":"Healthy"}""")).Reports.ShouldBe([new HealthReport("health", ResourceHealth.Healthy, "")]);

    [Fact]
    public async Task Ask_AServiceThatNamesNoCheck_HasTheWhole() =>
        (await AskAsync(503, """{"status":"Unhealthy","results":{}}""")).Reports.ShouldBe([new HealthReport("health", ResourceHealth.Unhealthy, "")]);

    [Theory]
    [InlineData("")]
    [InlineData("<html>")]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("""{"status":1}""")]
    [InlineData("""{"status":"Healthy","results":{"a":1}}""")]
    public async Task Ask_SomethingElseThatAnswers_IsUnhealthy(string body)
    {
        var answer = await AskAsync(200, body);
        answer.Reports.ShouldBe([new HealthReport("health", ResourceHealth.Unhealthy, "HTTP 200 without a report")]);
    }

    [Fact]
    public async Task Ask_Nobody_HasNoConnection()
    {
        var nobody = await FakeVisionService.StartAsync(FakeVisionService.Json(200, ""));
        var address = nobody.Address;
        await nobody.DisposeAsync();
        using var question = new HealthQuestion();
        (await question.AskAsync(address, CancellationToken.None)).Reports.ShouldBe([new HealthReport("health", ResourceHealth.Unhealthy, "no connection")]);
    }

    private static async Task<HealthAnswer> AskAsync(int status, string body)
    {
        await using var service = await FakeVisionService.StartAsync(FakeVisionService.Json(status, body));
        using var question = new HealthQuestion();
        return await question.AskAsync(new Uri(service.Address, "/health"), CancellationToken.None);
    }
}
