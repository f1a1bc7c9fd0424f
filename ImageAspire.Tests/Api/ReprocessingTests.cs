using System.Net;
using ImageAspire.Core.Events;
using ImageAspire.Core.Images;
using ImageAspire.Core.Lifecycle;
using ImageAspire.Core.Pipeline;
using ImageAspire.Core.Ports;
using ImageAspire.Tests.Http;
using Microsoft.Extensions.DependencyInjection;

namespace ImageAspire.Tests.Api;

/// <summary>Runs of a stage over many images. No worker is there: what is sent to a stage stays in its subscription and can be counted.</summary>
public sealed class ReprocessingTests : IAsyncDisposable
{
    private const string Stages = "/api/operations/stages";
    private readonly ApiHost _host = new();

    private IReprocessingJobStore Store => _host.Services.GetRequiredService<IReprocessingJobStore>();

    public ValueTask DisposeAsync() => _host.DisposeAsync();

    [Fact]
    public async Task RunMissing_OneFailedAtTheStage_OnlyThatIsSentAgain()
    {
        var (analyzed, broken, unread) = (await _host.UploadAsync(1), await _host.UploadAsync(2), await _host.UploadAsync(3));
        await _host.AnalyzeAsync(analyzed, "sea");
        await _host.TransitionAsync(broken, record => ImageLifecycle.Inspect(record, Samples.Facts, Samples.Traced));
        await _host.TransitionAsync(broken, record => ImageLifecycle.Fail(record, Samples.Why with { Stage = nameof(AnalyzeImage) }, Samples.Traced));
        await _host.TransitionAsync(unread, record => ImageLifecycle.Fail(record, Samples.Why, Samples.Traced));

        using var answer = await _host.Client.PostAsync($"{Stages}/analyze-image/run-missing", null);

        answer.StatusCode.ShouldBe(HttpStatusCode.Accepted);
        (await answer.ReadAsync<StageRunDto>()).ShouldSatisfyAllConditions(
            run => run.Kind.ShouldBe("missing"), run => run.StartedBy.ShouldBe("all"));
        (await EndedAsync("analyze-image")).ShouldBe(("done", 3, 1)); // the analyzed one may lack vectors: it is looked at
        (await _host.Catalog.GetAsync(broken, CancellationToken.None))!.ShouldSatisfyAllConditions(
            record => record.Status.ShouldBe(ImageStatus.Inspected), record => record.Failure.ShouldBeNull());
        (await _host.Catalog.GetAsync(analyzed, CancellationToken.None))!.Status.ShouldBe(ImageStatus.Analyzed);
        (await _host.Catalog.GetAsync(unread, CancellationToken.None))!.Status.ShouldBe(ImageStatus.Failed);
    }

    [Fact]
    public async Task RunMissing_AnalyzedBeforeThereWereVectors_IsAnalyzedAgain()
    {
        var id = await _host.UploadAsync(1);
        await _host.TransitionAsync(id, record => ImageLifecycle.Inspect(record, Samples.Facts, Samples.Traced));
        await _host.TransitionAsync(id, record => ImageLifecycle.Analyze(record, Samples.Analysis with { VectorModels = null }, Samples.Traced));

        (await PostAsync("analyze-image/run-missing")).ShouldBe(HttpStatusCode.Accepted);

        (await EndedAsync("analyze-image")).ShouldBe(("done", 1, 1));
        (await _host.Catalog.GetAsync(id, CancellationToken.None))!.Status.ShouldBe(ImageStatus.Inspected);
    }

    [Fact]
    public async Task RunAll_MoreThanTwoPagesAndPressedTwice_SendsEachImageOnce()
    {
        const int Images = 450;
        var images = Enumerable.Range(0, Images).Select(i => Samples.Image($"{i}.jpg", i).Seen(null, ["sea"]) with { Width = 10, Height = 10 }).ToList();
        await _host.Catalog.CommitAsync([.. images.Select(image => image.Insert())], CancellationToken.None);

        (await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => PostAsync("analyze-image/run-all")))).ShouldAllBe(status => status == HttpStatusCode.Accepted);
        (await EndedAsync("analyze-image")).ShouldBe(("done", Images, Images));
        (await PostAsync("analyze-image/run-all")).ShouldBe(HttpStatusCode.Accepted); // all of them wait for the stage already
        (await EndedAsync("analyze-image")).ShouldBe(("done", Images, 0));

        var topic = await _host.Services.GetRequiredService<ITopicOperations>().GetStatusAsync(CancellationToken.None);
        topic.Single(one => one.Name == "analyze-image").Active.ShouldBe(Images);
    }

    [Fact]
    public async Task RunMissing_WaitingWithoutAMessage_AreAnnounced()
    {
        await _host.Catalog.CommitAsync([Samples.Image().Replace(record => record) with { Before = null }], CancellationToken.None); // its only event says updated
        (await ActiveAsync("inspect-image")).ShouldBe(0);

        await PostAsync("inspect-image/run-missing");

        (await EndedAsync("inspect-image")).ShouldBe(("done", 1, 1));
        (await ActiveAsync("inspect-image")).ShouldBe(1);
    }

    [Fact]
    public async Task Run_ThatAnotherInstanceHas_IsShownNotDoubledAndCanBeStopped()
    {
        var now = TimeProvider.System.GetUtcNow();
        await Store.SaveAsync(Run(now) with { LeaseUntil = now.AddSeconds(15), Examined = 10, Total = 40 }, CancellationToken.None);

        (await PostAsync("inspect-image/run-all")).ShouldBe(HttpStatusCode.Accepted);
        await _host.Client.PostAsync($"{Stages}/inspect-image/run-missing", null).ShouldBeProblemAsync(409, "stage-run-active");
        (await RunAsync("inspect-image")).ShouldSatisfyAllConditions(
            run => run.StartedBy.ShouldBe("another"), run => run.Examined.ShouldBe(10));

        using var stopped = await _host.Client.DeleteAsync($"{Stages}/inspect-image/run");
        stopped.StatusCode.ShouldBe(HttpStatusCode.NoContent);
        (await RunAsync("inspect-image")).State.ShouldBe("cancelled");
        await _host.Client.DeleteAsync($"{Stages}/inspect-image/run").ShouldBeProblemAsync(404, "not-found");
        (await PostAsync("inspect-image/run-missing")).ShouldBe(HttpStatusCode.Accepted); // a new one may begin
    }

    [Fact]
    public async Task Run_WhoseProcessDied_GoesOnWhereItEnded()
    {
        var now = TimeProvider.System.GetUtcNow();
        await _host.UploadAsync(1); // of the first pass, which is done
        await Store.SaveAsync(Run(now) with { LeaseUntil = now.AddSeconds(-1), Pass = 1, Total = 8, Examined = 7, Sent = 5 }, CancellationToken.None);

        await PostAsync("inspect-image/run-all");

        (await EndedAsync("inspect-image")).ShouldBe(("done", 7, 5));
    }

    [Fact]
    public async Task Stages_AreThoseOfTheCatalogInItsOrder()
    {
        var list = await _host.Client.GetAsync<StageListDto>(Stages);

        list.Items.Select(stage => (stage.Name, stage.Stage, stage.Summary, stage.Reprocessable)).ShouldBe(StageCatalog.All.Select(stage =>
            (stage.Subscription, stage.Name, stage.Summary, stage.Reprocessing is not null)));
        list.Items.Select(stage => stage.EventTypes).ShouldBe(StageCatalog.All.Select(stage => stage.EventTypes));
        list.EventTypes.ShouldBe(ImageEventTypes.All);
    }

    [Theory]
    [InlineData("record-audit")]
    [InlineData("unknown")]
    public async Task Run_NoStageOfSingleImages_Is404(string name)
    {
        await _host.Client.PostAsync($"{Stages}/{name}/run-all", null).ShouldBeProblemAsync(404, "not-found");
        await _host.Client.PostAsync($"{Stages}/{name}/run-missing", null).ShouldBeProblemAsync(404, "not-found");
        await _host.Client.DeleteAsync($"{Stages}/{name}/run").ShouldBeProblemAsync(404, "not-found");
    }

    private static ReprocessingJob Run(DateTimeOffset now) => new()
    {
        Stage = "inspect-image", Version = 1, Scope = ReprocessingScope.All, State = ReprocessingState.Running, StartedBy = "another", StartedAt = now, UpdatedAt = now,
    };

    private async Task<HttpStatusCode> PostAsync(string path)
    {
        using var answer = await _host.Client.PostAsync($"{Stages}/{path}", null);
        return answer.StatusCode;
    }

    private async Task<StageRunDto> RunAsync(string stage) => (await _host.Client.GetAsync<StageListDto>(Stages)).Items
        .Single(one => one.Name == stage).Run!;

    private async Task<(string? State, long Examined, long Sent)> EndedAsync(string stage)
    {
        StageRunDto run = null!;
        await Eventually.TrueAsync(async () => (run = await RunAsync(stage)).State != "running");
        return (run.State, run.Examined, run.Sent);
    }

    private async Task<long> ActiveAsync(string subscription) =>
        (await _host.Services.GetRequiredService<ITopicOperations>().GetStatusAsync(CancellationToken.None)).Single(one => one.Name == subscription).Active;
}
