using System.Net;
using ImageAspire.Core.Errors;
using ImageAspire.ServiceDefaults;
using ImageAspire.Vision.Analysis;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Time.Testing;

namespace ImageAspire.Tests.Vision;

/// <summary>Queue, time limits, clients that go away, and the time before the models are loaded.</summary>
public sealed class VisionLimitTests
{
    private static readonly byte[] Photo = TestImages.Jpeg(100, 100);

    [Fact]
    public async Task Analyze_QueueIsFull_Is503AndThoseInsideAreAnswered()
    {
        var analysis = new WaitingAnalysis();
        await using var vision = await VisionHost.StartAsync(analysis, null, ("Vision:Queue", "2"), ("Vision:AtOnce", "1"));
        Task<HttpResponseMessage>[] inside = [vision.AnalyzeAsync(Photo), vision.AnalyzeAsync(Photo)];
        await Eventually.TrueAsync(() => vision.Queue.Count == 2 && analysis.Running == 1);

        using (var refused = await vision.AnalyzeAsync(Photo))
        {
            await refused.ShouldBeErrorAsync(503, "ServiceUnavailable");
            refused.Headers.RetryAfter!.Delta.ShouldBe(TimeSpan.FromSeconds(1));
        }

        analysis.Begun.ShouldBe(1); // one at a time
        analysis.LetGo(2);
        foreach (var answer in await Task.WhenAll(inside))
            await answer.OkAsync();
        vision.Queue.Count.ShouldBe(0);
    }

    [Fact]
    public async Task Analyze_80MegabytesInside_Is503()
    {
        var analysis = new WaitingAnalysis();
        await using var vision = await VisionHost.StartAsync(analysis);
        var large = TestImages.Jpeg(100, 100, padTo: 19_900_000);
        var inside = Enumerable.Range(0, 4).Select(_ => vision.AnalyzeAsync(large)).ToList();
        await Eventually.TrueAsync(() => vision.Queue.Count == 4);

        using (var refused = await vision.AnalyzeAsync(large))
            await refused.ShouldBeErrorAsync(503, "ServiceUnavailable");
        using (var unknown = await vision.AnalyzeAsync(new StreamContent(new MemoryStream(Photo)) { Headers = { ContentLength = null } }, "api-version=2023-10-01&features=tags"))
            unknown.StatusCode.ShouldBeOneOf(HttpStatusCode.OK, HttpStatusCode.ServiceUnavailable);

        analysis.LetGo(5);
        foreach (var answer in await Task.WhenAll(inside))
            await answer.OkAsync();
    }

    [Fact]
    public async Task Analyze_TwoHundredAtOnce_AreServedOrToldToComeBack()
    {
        await using var vision = await VisionHost.StartAsync();
        vision.Client.DefaultRequestHeaders.ConnectionClose = false;

        var answers = await Task.WhenAll(Enumerable.Range(0, 200).Select(_ => vision.AnalyzeAsync(Photo)));

        answers.Select(answer => answer.StatusCode).ShouldBeSubsetOf([HttpStatusCode.OK, HttpStatusCode.ServiceUnavailable]);
        answers.Count(answer => answer.StatusCode == HttpStatusCode.OK).ShouldBeGreaterThanOrEqualTo(16);
        answers.Where(answer => answer.StatusCode == HttpStatusCode.ServiceUnavailable).ShouldAllBe(answer => answer.Headers.RetryAfter!.Delta == TimeSpan.FromSeconds(1));
        vision.Queue.Count.ShouldBe(0);
        await (await vision.AnalyzeAsync(Photo)).OkAsync();
    }

    [Fact]
    public async Task Analyze_BeyondTheTimeLimit_IsTimeoutAndTheWorkEnds()
    {
        var analysis = new WaitingAnalysis();
        await using var vision = await VisionHost.StartAsync(analysis, null, ("Vision:TimeLimit", "00:00:00.2"));

        using (var answer = await vision.AnalyzeAsync(Photo))
            await answer.ShouldBeErrorAsync(500, "InternalServerError", "Timeout");

        (analysis.Cancelled, analysis.Running, vision.Queue.Count).ShouldBe((1, 0, 0));
        analysis.LetGo(1);
        await (await vision.AnalyzeAsync(Photo)).OkAsync();
    }

    [Fact]
    public async Task Analyze_ClientGoesAway_EndsItsWork()
    {
        var analysis = new WaitingAnalysis();
        await using var vision = await VisionHost.StartAsync(analysis, null, ("Vision:AtOnce", "1"));
        using var client = new CancellationTokenSource();
        Task[] requests = [vision.AnalyzeAsync(Photo, cancellationToken: client.Token), vision.AnalyzeAsync(Photo, cancellationToken: client.Token)];
        await Eventually.TrueAsync(() => vision.Queue.Count == 2 && analysis.Running == 1);

        await client.CancelAsync();

        foreach (var request in requests)
            await Should.ThrowAsync<OperationCanceledException>(() => request);
        await Eventually.TrueAsync(() => vision.Queue.Count == 0 && analysis.Running == 0);
        analysis.Begun.ShouldBe(analysis.Cancelled); // what had waited was not begun, or ended
        analysis.LetGo(1);
        await (await vision.AnalyzeAsync(Photo)).OkAsync();
    }

    [Fact]
    public async Task Analyze_WorkIgnoresItsCancellation_EndsTheProcess()
    {
        var time = new FakeTimeProvider();
        var stuck = new TaskCompletionSource();
        var vision = await VisionHost.StartAsync(new StuckAnalysis(stuck.Task), services => services.Replace(ServiceDescriptor.Singleton<TimeProvider>(time)));
        var request = vision.AnalyzeAsync(Photo);
        await Eventually.TrueAsync(() => vision.Queue.Count == 1);
        var stopping = vision.Services.GetRequiredService<IHostApplicationLifetime>().ApplicationStopping;

        await Eventually.TrueAsync(() =>
        {
            time.Advance(TimeSpan.FromSeconds(30));
            return stopping.IsCancellationRequested;
        });

        vision.Services.GetRequiredService<HostExit>().Code.ShouldBe(70);
        stuck.SetResult();
        await Should.NotThrowAsync(() => request.ContinueWith(_ => { }, TaskScheduler.Default));
        await vision.DisposeAsync();
    }

    [Fact]
    public async Task Analyze_EngineBreaks_IsFailedToProcess()
    {
        await using var vision = await VisionHost.StartAsync(new BrokenAnalysis(new InvalidOperationException("secret detail")));

        using var answer = await vision.AnalyzeAsync(Photo);

        await answer.ShouldBeErrorAsync(500, "InternalServerError", "FailedToProcess");
        (await answer.Content.ReadAsStringAsync()).ShouldNotContain("secret");
    }

    [Fact]
    public async Task Analyze_NoDecoderCanBeStarted_Is503()
    {
        await using var vision = await VisionHost.StartAsync(new BrokenAnalysis(new RetryLaterException("No decoder can be started.")));

        using var answer = await vision.AnalyzeAsync(Photo);

        await answer.ShouldBeErrorAsync(503, "ServiceUnavailable");
    }

    [Fact]
    public async Task Health_ModelsAreLoading_Is503()
    {
        var loading = new LoadingAnalysis();
        await using var vision = VisionHost.Launch(loading);

        using (var health = await vision.Client.GetAsync("/health"))
            health.StatusCode.ShouldBe(HttpStatusCode.ServiceUnavailable);
        using (var alive = await vision.Client.GetAsync("/alive"))
            alive.StatusCode.ShouldBe(HttpStatusCode.OK);
        using (var answer = await vision.AnalyzeAsync(Photo))
        {
            await answer.ShouldBeErrorAsync(503, "ServiceUnavailable");
            answer.Headers.RetryAfter!.Delta.ShouldBe(TimeSpan.FromSeconds(2));
        }

        loading.Loaded.SetResult();
        await Eventually.TrueAsync(async () => (await vision.Client.GetAsync("/health")).IsSuccessStatusCode);
        await (await vision.AnalyzeAsync(Photo)).OkAsync();
    }

    private sealed class StuckAnalysis(Task end) : IImageAnalysis
    {
        private int _calls;

        public async Task<ImageAnalysis> AnalyzeAsync(Stream image, AnalysisRequest request, CancellationToken cancellationToken)
        {
            if (Interlocked.Increment(ref _calls) > 1)
                await end;
            return DecodingAnalysis.Seen(100, 100, request);
        }
    }

    private sealed class BrokenAnalysis(Exception error) : IImageAnalysis
    {
        private int _calls;

        public Task<ImageAnalysis> AnalyzeAsync(Stream image, AnalysisRequest request, CancellationToken cancellationToken) =>
            Interlocked.Increment(ref _calls) > 1 ? throw error : Task.FromResult(DecodingAnalysis.Seen(100, 100, request));
    }

    private sealed class LoadingAnalysis : IImageAnalysis
    {
        public TaskCompletionSource Loaded { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public async Task<ImageAnalysis> AnalyzeAsync(Stream image, AnalysisRequest request, CancellationToken cancellationToken)
        {
            await Loaded.Task.WaitAsync(cancellationToken);
            return DecodingAnalysis.Seen(100, 100, request);
        }
    }
}
