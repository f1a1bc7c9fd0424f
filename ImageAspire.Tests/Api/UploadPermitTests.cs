using ImageAspire.Api.Uploads;
using ImageAspire.Api.Uploads.Resumable;
using Microsoft.Extensions.Time.Testing;

namespace ImageAspire.Tests.Api;

public sealed class UploadPermitTests
{
    private static readonly CancellationToken None = CancellationToken.None;
    private readonly FakeTimeProvider _clock = new(DateTimeOffset.UnixEpoch);

    [Fact]
    public async Task Share_OneWaitsForASecond_LetsItInAndContinuesAfterIt()
    {
        var gate = new UploadGate(places: 1, maxWaiting: 10, TimeSpan.FromMinutes(5), _clock);
        using var slow = (await new UploadTurns(gate, _clock).BeginAsync("slow", None)).ShouldNotBeNull();
        var other = gate.EnterAsync("other", None);
        (await slow.ShareAsync(None)).ShouldBeTrue();
        other.IsCompleted.ShouldBeFalse(); // it is too early

        _clock.Advance(TimeSpan.FromSeconds(2));
        var back = slow.ShareAsync(None).AsTask();

        var place = (await other).ShouldNotBeNull();
        back.IsCompleted.ShouldBeFalse();
        place.Dispose();
        (await back).ShouldBeTrue();
        gate.IsAwaited.ShouldBeFalse();
    }

    [Fact]
    public async Task Share_NoneWaits_KeepsThePermit()
    {
        var gate = new UploadGate(places: 1, maxWaiting: 10, TimeSpan.FromMinutes(5), _clock);
        using var turn = (await new UploadTurns(gate, _clock).BeginAsync("one", None)).ShouldNotBeNull();
        _clock.Advance(TimeSpan.FromHours(1));

        (await turn.ShareAsync(None)).ShouldBeTrue();

        gate.EnterAsync("two", None).IsCompleted.ShouldBeFalse();
    }
}
