using ImageAspire.Backends.Health;
using ImageAspire.Core.Images;
using ImageAspire.Core.Ports;
using Microsoft.Extensions.Time.Testing;

namespace ImageAspire.Tests.Heartbeats;

public sealed class ObservedAnalyzerTests
{
    private static readonly CancellationToken None = CancellationToken.None;
    private readonly FakeTimeProvider _time = new(Samples.Noon);
    private readonly Analyzer _inner = new();

    [Fact]
    public async Task Probe_WithoutACall_IsFine() => await new AnalyzerObservation(probe: null, _time).ProbeAsync(None);

    [Fact]
    public async Task Probe_AfterACallWithoutAnswer_SaysWhyUntilTheNextAnswer()
    {
        var (observation, analyzer) = Of(probe: null);
        _inner.Error = new AnalyzerUnavailableException("It is busy.");
        await Should.ThrowAsync<AnalyzerUnavailableException>(() => CallAsync(analyzer));
        (await Should.ThrowAsync<AnalyzerUnavailableException>(() => observation.ProbeAsync(None))).Message.ShouldBe("It is busy.");

        _inner.Error = new AnalyzerRefusedException("too-small", "It does not take this image."); // an answer, too
        await Should.ThrowAsync<AnalyzerRefusedException>(() => CallAsync(analyzer));
        await observation.ProbeAsync(None);
    }

    [Fact]
    public async Task Probe_LongAfterTheLastFailure_KnowsNoneAnyMore()
    {
        var (observation, analyzer) = Of(probe: null);
        _inner.Error = new AnalyzerUnavailableException("It is busy.", TimeSpan.FromMinutes(10));
        await Should.ThrowAsync<AnalyzerUnavailableException>(() => CallAsync(analyzer));
        _time.Advance(TimeSpan.FromMinutes(11)); // nothing was asked of it meanwhile, as it wished
        await Should.ThrowAsync<AnalyzerUnavailableException>(() => observation.ProbeAsync(None));
        _time.Advance(TimeSpan.FromMinutes(2));
        await observation.ProbeAsync(None);
    }

    [Fact]
    public async Task Probe_ServiceHangsButItsHealthPageAnswers_IsAway()
    {
        var (observation, analyzer) = Of(new Probe());
        _inner.Error = new AnalyzerUnavailableException("It did not answer within 30 s.");
        await Should.ThrowAsync<AnalyzerUnavailableException>(() => CallAsync(analyzer));
        _inner.Error = new AnalyzerUnavailableException("It did not answer several times.", TimeSpan.FromSeconds(5));
        await Should.ThrowAsync<AnalyzerUnavailableException>(() => CallAsync(analyzer));
        (await Should.ThrowAsync<AnalyzerUnavailableException>(() => observation.ProbeAsync(None))).Message.ShouldBe("It did not answer within 30 s.");
    }

    [Fact]
    public async Task Probe_ServiceWasNotThereAndIsAgain_IsAvailableBeforeTheNextCall()
    {
        var probe = new Probe { IsAway = true };
        var (observation, analyzer) = Of(probe);
        _inner.Error = new AnalyzerUnavailableException("It is not there.", TimeSpan.FromSeconds(2));
        await Should.ThrowAsync<AnalyzerUnavailableException>(() => CallAsync(analyzer));
        await Should.ThrowAsync<AnalyzerUnavailableException>(() => observation.ProbeAsync(None));
        probe.IsAway = false;
        await observation.ProbeAsync(None);
    }

    private (AnalyzerObservation, IImageAnalyzer) Of(IAnalyzerProbe? probe)
    {
        var observation = new AnalyzerObservation(probe, _time);
        return (observation, new ObservedAnalyzer(_inner, observation));
    }

    private static Task<ImageAnalysis> CallAsync(IImageAnalyzer analyzer) => analyzer.AnalyzeAsync(Samples.Image(), (_, _) => Task.FromResult(Stream.Null), None);

    private sealed class Analyzer : IImageAnalyzer
    {
        public Exception? Error { get; set; }

        public Task<ImageAnalysis> AnalyzeAsync(ImageRecord record, OpenImage open, CancellationToken cancellationToken) =>
            Error is { } error ? Task.FromException<ImageAnalysis>(error) : Task.FromResult(Samples.Analysis);
    }

    private sealed class Probe : IAnalyzerProbe
    {
        public bool IsAway { get; set; }

        public Task ProbeAsync(CancellationToken cancellationToken) =>
            IsAway ? Task.FromException(new AnalyzerUnavailableException("It is not there.", TimeSpan.FromSeconds(2))) : Task.CompletedTask;
    }
}
