using ImageAspire.Core.Errors;
using ImageAspire.Core.Events;
using ImageAspire.Core.Images;
using ImageAspire.Core.Lifecycle;
using ImageAspire.Core.Pipeline;
using ImageAspire.Core.Ports;
using ImageAspire.Tests.Heartbeats;
using ImageAspire.Worker;
using Microsoft.Extensions.Logging.Abstractions;

namespace ImageAspire.Tests.Worker;

public sealed class StageExecutorTests
{
    private static readonly WorkerOptions Options = new() { Attempts = 5, BackoffBase = TimeSpan.FromSeconds(1), BackoffCap = TimeSpan.FromSeconds(10) };

    [Fact]
    public async Task Handle_StageReturns_CompletesTheMessage()
    {
        var stage = new Stage(_ => Task.CompletedTask);

        (await HandleAsync(stage, delivery: 1)).ShouldBe(MessageOutcome.Completed);

        stage.Failures.ShouldBeEmpty();
    }

    [Theory]
    [InlineData(1, 1_000)]
    [InlineData(3, 4_000)]
    [InlineData(4, 8_000)]
    public async Task Handle_StageThrows_ComesAgainAfterABackoff(int delivery, int most)
    {
        var outcome = await HandleAsync(new Stage(_ => throw new InvalidOperationException("no")), delivery);

        var retry = outcome.ShouldBeOfType<MessageOutcome.RetryAfter>();
        retry.Counted.ShouldBeTrue();
        retry.Delay.TotalMilliseconds.ShouldBeInRange(0, most);
    }

    [Fact]
    public void Backoff_ManyAttempts_StaysUnderTheCapAndIsSpread()
    {
        var policy = new StageRecoveryPolicy(Options);

        var delays = Enumerable.Range(0, 200).Select(_ => policy.Backoff(50)).ToList();

        delays.ShouldAllBe(delay => delay >= TimeSpan.Zero && delay <= Options.BackoffCap);
        delays.Distinct().Count().ShouldBeGreaterThan(100);
    }

    [Fact]
    public async Task Handle_LastAttemptThrows_WritesTheFailureThenDeadLetters()
    {
        var stage = new Stage(_ => throw new InvalidOperationException("the disk says no"));

        var outcome = await HandleAsync(stage, delivery: 5);

        outcome.ShouldBeOfType<MessageOutcome.DeadLetter>().Reason.ShouldBe(FailureCodes.Unexpected);
        var failure = stage.Failures.ShouldHaveSingleItem();
        failure.Attempts.ShouldBe(5);
        failure.Message.ShouldContain("the disk says no");
    }

    [Fact]
    public async Task Handle_PermanentFailure_IsNotTriedAgain()
    {
        var stage = new Stage(_ => throw new PermanentFailureException("InvalidImageSize", "Too small."));

        (await HandleAsync(stage, delivery: 1)).ShouldBe(new MessageOutcome.DeadLetter("InvalidImageSize", "Too small."));

        stage.Failures.ShouldHaveSingleItem().Code.ShouldBe("InvalidImageSize");
    }

    [Fact]
    public async Task Handle_DependencyDown_WaitsUncountedEvenAtTheLastAttempt()
    {
        var stage = new Stage(_ => throw new RetryLaterException("Throttled.", TimeSpan.FromSeconds(7)));

        (await HandleAsync(stage, delivery: 5)).ShouldBe(new MessageOutcome.RetryAfter(TimeSpan.FromSeconds(7), Counted: false));

        stage.Failures.ShouldBeEmpty();
    }

    [Fact]
    public async Task Handle_PutOff_IsKeptForTheHeartbeatWithItsReason()
    {
        var retries = new StageRetryLog(TimeProvider.System);
        var stage = new Stage(_ => throw new RetryLaterException("Throttled.", TimeSpan.FromMinutes(7)));
        var executor = new StageExecutor(StageCatalog.AnalyzeImage, stage, Options, TimeProvider.System, NullLogger.Instance) { Retries = retries };

        await executor.HandleAsync(Message(1), CancellationToken.None, CancellationToken.None);

        var retry = retries.AddTo(Beats.Of(at: TimeProvider.System.GetUtcNow())).Retries.ShouldHaveSingleItem();
        (retry.Subscription, retry.Reason, retry.Until > TimeProvider.System.GetUtcNow().AddMinutes(6)).ShouldBe(("analyze-image", "Throttled.", true));
    }

    [Fact]
    public async Task Handle_WorkerDiedEveryTime_DoesNotRunTheStageAgain()
    {
        var ran = false;
        var stage = new Stage(_ =>
        {
            ran = true;
            return Task.CompletedTask;
        });

        (await HandleAsync(stage, delivery: 6)).ShouldBeOfType<MessageOutcome.DeadLetter>().Reason.ShouldBe(FailureCodes.WorkerDied);

        ran.ShouldBeFalse();
        stage.Failures.ShouldHaveSingleItem().Code.ShouldBe(FailureCodes.WorkerDied);
    }

    [Fact]
    public async Task Handle_OverTheTimeLimit_IsAnAttemptAndInTheEndAFailure()
    {
        var options = new WorkerOptions { Attempts = 2, StageTimeLimit = TimeSpan.FromMilliseconds(50) };
        var stage = new Stage(token => Task.Delay(Timeout.Infinite, token));

        (await HandleAsync(stage, delivery: 1, options)).ShouldBeOfType<MessageOutcome.RetryAfter>().Counted.ShouldBeTrue();
        (await HandleAsync(stage, delivery: 2, options)).ShouldBeOfType<MessageOutcome.DeadLetter>().Reason.ShouldBe(FailureCodes.TimeLimit);
    }

    [Fact]
    public async Task Handle_StoreIsAway_WaitsUncountedHoweverOften()
    {
        var stage = new Stage(_ => throw new StoreUnavailableException("Blob storage does not answer."));

        var outcome = (await HandleAsync(stage, delivery: Options.Attempts)).ShouldBeOfType<MessageOutcome.RetryAfter>();

        outcome.Counted.ShouldBeFalse();
        stage.Failures.ShouldBeEmpty();
    }

    [Fact]
    public async Task Handle_HostStops_GivesTheMessageBackUncounted()
    {
        using var shutdown = new CancellationTokenSource();
        var stage = new Stage(async token =>
        {
            await shutdown.CancelAsync();
            token.ThrowIfCancellationRequested();
        });

        (await Executor(stage, Options).HandleAsync(Message(5), CancellationToken.None, shutdown.Token))
            .ShouldBe(new MessageOutcome.RetryAfter(TimeSpan.Zero, Counted: false));

        stage.Failures.ShouldBeEmpty();
    }

    [Fact]
    public async Task Handle_FailureCannotBeWritten_KeepsTheMessage()
    {
        var stage = new Stage(_ => throw new PermanentFailureException("x", "y")) { FailError = new IOException("disk full") };

        (await HandleAsync(stage, delivery: 1)).ShouldBeOfType<MessageOutcome.RetryAfter>().Counted.ShouldBeFalse();
    }

    private static Task<MessageOutcome> HandleAsync(Stage stage, int delivery, WorkerOptions? options = null) =>
        Executor(stage, options ?? Options).HandleAsync(Message(delivery), CancellationToken.None, CancellationToken.None);

    private static StageExecutor Executor(Stage stage, WorkerOptions options) => new(StageDefinition.Of<Stage>("test-stage", "is tested"), stage, options, TimeProvider.System, NullLogger.Instance);

    private static ReceivedMessage Message(int delivery) => new(
        ImageLifecycle.Purge(Samples.Received(), Samples.Traced).Event with { Type = ImageEventTypes.Received }, delivery, Samples.Noon, 1);

    private sealed class Stage(Func<CancellationToken, Task> run) : IStage
    {
        public List<ImageFailure> Failures { get; } = [];

        public Exception? FailError { get; init; }

        public Task ExecuteAsync(ImageEvent e, CancellationToken cancellationToken) => run(cancellationToken);

        public Task FailAsync(ImageEvent e, ImageFailure why, CancellationToken cancellationToken)
        {
            if (FailError is not null)
                throw FailError;
            Failures.Add(why);
            return Task.CompletedTask;
        }
    }
}
