using ImageAspire.Core.Events;
using ImageAspire.Core.Images;
using ImageAspire.Core.Pipeline;
using ImageAspire.Core.Ports;
using ImageAspire.ServiceDefaults;
using ImageAspire.Worker;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging.Abstractions;

namespace ImageAspire.Tests.Faults;

/// <summary>A stage that does not end, although its token is cancelled.</summary>
[Trait("Category", "Slow")]
public sealed class EnvironmentHangTests : IDisposable
{
    private readonly WorkerOptions _options = new() { Concurrency = 2, Attempts = 5, StageTimeLimit = TimeSpan.FromMilliseconds(50) };
    private readonly Lifetime _lifetime = new();
    private readonly HostExit _exit = new();
    private readonly TaskCompletionSource _hanging = new();
    private readonly HungStageMonitor _hung;

    public EnvironmentHangTests() => _hung = new HungStageMonitor(_lifetime, _exit, _options, NullLogger<HungStageMonitor>.Instance);

    public void Dispose()
    {
        _hanging.TrySetResult();
        _lifetime.Dispose();
    }

    [Fact]
    public async Task Stage_IgnoresItsToken_GivesItsPlaceAndTheMessageBackAndIsCounted()
    {
        var outcome = await HandleAsync(new Hanging(_ => _hanging.Task), delivery: 1);

        outcome.ShouldBeOfType<MessageOutcome.RetryAfter>().Counted.ShouldBeTrue();
        _hung.Count.ShouldBe(1);
        _hanging.SetResult();
        await Eventually.TrueAsync(() => _hung.Count == 0);
    }

    [Fact]
    public async Task Stage_BlocksItsThread_GivesItsPlaceBackToo()
    {
        using var gate = new ManualResetEventSlim();

        var outcome = await HandleAsync(new Hanging(_ =>
        {
            gate.Wait(CancellationToken.None);
            return Task.CompletedTask;
        }), delivery: 1);

        outcome.ShouldBeOfType<MessageOutcome.RetryAfter>().Counted.ShouldBeTrue();
        gate.Set();
        await Eventually.TrueAsync(() => _hung.Count == 0);
    }

    [Fact]
    public async Task Stage_HangsAtEveryAttempt_TheImageEndsWithTheReason()
    {
        var stage = new Hanging(_ => _hanging.Task);

        (await HandleAsync(stage, delivery: 5)).ShouldBeOfType<MessageOutcome.DeadLetter>().Reason.ShouldBe(FailureCodes.TimeLimit);

        stage.Failure.ShouldNotBeNull().Code.ShouldBe(FailureCodes.TimeLimit);
    }

    [Fact]
    public async Task Stages_AsManyHangAsMayRun_TheProcessEndsToBeStartedAgain()
    {
        await HandleAsync(new Hanging(_ => _hanging.Task), delivery: 1);
        _lifetime.ApplicationStopping.IsCancellationRequested.ShouldBeFalse();

        await HandleAsync(new Hanging(_ => _hanging.Task), delivery: 1);

        _lifetime.ApplicationStopping.IsCancellationRequested.ShouldBeTrue();
        _exit.Code.ShouldBe(HungStageMonitor.ExitCode);
    }

    [Fact]
    public async Task Shutdown_StageIgnoresIt_TheMessageIsGivenBackUncounted()
    {
        using var shutdown = new CancellationTokenSource();
        await shutdown.CancelAsync();
        _options.StageTimeLimit = TimeSpan.FromHours(1);

        var outcome = await HandleAsync(new Hanging(_ => _hanging.Task), delivery: 1, shutdown.Token);

        outcome.ShouldBeOfType<MessageOutcome.RetryAfter>().Counted.ShouldBeFalse();
        _exit.Code.ShouldBe(0);
    }

    [Fact]
    public async Task Stage_EndsSoonAfterCancellation_IsNoHang()
    {
        await HandleAsync(new Hanging(async token =>
        {
            await Task.Delay(Timeout.Infinite, token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            await Task.Yield();
            token.ThrowIfCancellationRequested();
        }), delivery: 1);

        _hung.Count.ShouldBe(0);
    }

    private Task<MessageOutcome> HandleAsync(IStage stage, int delivery, CancellationToken shutdown = default) =>
        new StageExecutor(StageDefinition.Of<Hanging>("hanging", "hangs"), stage, _options, TimeProvider.System, NullLogger.Instance) { Hung = _hung }
            .HandleAsync(new ReceivedMessage(Samples.Image().Insert().Event, delivery, Samples.Noon, 1), CancellationToken.None, shutdown);

    private sealed class Hanging(Func<CancellationToken, Task> run) : IStage
    {
        public ImageFailure? Failure { get; private set; }

        public Task ExecuteAsync(ImageEvent e, CancellationToken cancellationToken) => run(cancellationToken);

        public Task FailAsync(ImageEvent e, ImageFailure why, CancellationToken cancellationToken)
        {
            Failure = why;
            return Task.CompletedTask;
        }
    }

    private sealed class Lifetime : IHostApplicationLifetime, IDisposable
    {
        private readonly CancellationTokenSource _stopping = new();

        public CancellationToken ApplicationStarted => CancellationToken.None;

        public CancellationToken ApplicationStopping => _stopping.Token;

        public CancellationToken ApplicationStopped => CancellationToken.None;

        public void StopApplication() => _stopping.Cancel();

        public void Dispose() => _stopping.Dispose();
    }
}
