using ImageAspire.Api.Uploads;
using ImageAspire.Api.Uploads.Resumable;
using Microsoft.Extensions.Time.Testing;

namespace ImageAspire.Tests.Api;

public sealed class SharedUploadPermitTests
{
    private static readonly CancellationToken None = CancellationToken.None;
    private readonly FakeTimeProvider _clock = new(DateTimeOffset.UnixEpoch);

    [Fact]
    public async Task Share_SomebodyWaitsAndASecondIsOver_LetsHimInAndComesBackBehindHim()
    {
        var limiter = new UploadConcurrencyLimiter(permits: 1, maxWaiting: 10, TimeSpan.FromMinutes(5), _clock);
        using var slow = (await new SharedUploadPermits(limiter, _clock).AcquireAsync("slow", None)).ShouldNotBeNull();
        var other = limiter.AcquireAsync("other", None);
        (await slow.YieldAsync(None)).ShouldBeTrue();
        other.IsCompleted.ShouldBeFalse(); // it is too early

        _clock.Advance(TimeSpan.FromSeconds(2));
        var back = slow.YieldAsync(None).AsTask();

        var permit = (await other).ShouldNotBeNull();
        back.IsCompleted.ShouldBeFalse();
        permit.Dispose();
        (await back).ShouldBeTrue();
        limiter.HasWaiters.ShouldBeFalse();
    }

    [Fact]
    public async Task Share_NobodyWaits_KeepsThePlace()
    {
        var limiter = new UploadConcurrencyLimiter(permits: 1, maxWaiting: 10, TimeSpan.FromMinutes(5), _clock);
        using var permit = (await new SharedUploadPermits(limiter, _clock).AcquireAsync("one", None)).ShouldNotBeNull();
        _clock.Advance(TimeSpan.FromHours(1));

        (await permit.YieldAsync(None)).ShouldBeTrue();

        limiter.AcquireAsync("two", None).IsCompleted.ShouldBeFalse();
    }
}
