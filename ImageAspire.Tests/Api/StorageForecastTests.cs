using ImageAspire.Api.Operations;
using ImageAspire.Core.Ports;
using ImageAspire.Tests.Http;
using Microsoft.Extensions.Time.Testing;

namespace ImageAspire.Tests.Api;

public sealed class StorageForecastTests : IDisposable
{
    private const long Gigabyte = 1_000_000_000;
    private readonly FakeTimeProvider _time = new();
    private readonly Space _space = new();
    private readonly StorageForecast _forecast;

    public StorageForecastTests() => _forecast = new StorageForecast(_space, _time);

    public void Dispose() => _forecast.Dispose();

    [Fact]
    public void Read_TheDiskFills_SaysWhenItIsFull()
    {
        _space.Room = 100 * Gigabyte;
        _forecast.Look();
        Pass(TimeSpan.FromHours(5), 90 * Gigabyte);

        _forecast.Read().ShouldBe(new StorageAnswer(90 * Gigabyte, 200 * Gigabyte, 2 * Gigabyte, 18_000, 45 * 3600));
    }

    [Fact]
    public void Read_ADayAgo_IsForgotten()
    {
        _space.Room = 100 * Gigabyte;
        _forecast.Look();
        Pass(TimeSpan.FromHours(20), 50 * Gigabyte); // an import
        _forecast.Look();
        Pass(TimeSpan.FromHours(5), 45 * Gigabyte);

        _forecast.Read().ShouldSatisfyAllConditions(one => one.BytesPerHour.ShouldBe(Gigabyte), one => one.FullInSeconds.ShouldBe(45 * 3600));
    }

    [Theory]
    [InlineData(9, 90 * Gigabyte)] // too short
    [InlineData(600, 100 * Gigabyte)] // nothing changes
    [InlineData(600, 110 * Gigabyte)] // there is more
    [InlineData(600, 100 * Gigabyte - 1)] // too far away
    public void Read_NothingCanBeSaid_SaysNothing(int minutes, long room)
    {
        _space.Room = 100 * Gigabyte;
        _forecast.Look();
        Pass(TimeSpan.FromMinutes(minutes), room);

        _forecast.Read().ShouldSatisfyAllConditions(one => one.RoomBytes.ShouldBe(room), one => one.FullInSeconds.ShouldBeNull());
    }

    [Fact]
    public void Read_NoLimit_IsEmpty()
    {
        _forecast.Look();
        _forecast.Read().ShouldBe(new StorageAnswer(null, null, null, null, null));
    }

    [Fact]
    public async Task Storage_OverHttp_HasTheRoomOfTheVolume()
    {
        await using var host = new ApiHost();
        var storage = await host.Client.GetAsync<StorageDto>("/api/operations/storage");
        storage.TotalBytes!.Value.ShouldBeGreaterThan(storage.RoomBytes!.Value);
    }

    private void Pass(TimeSpan elapsed, long room)
    {
        _time.Advance(elapsed);
        _space.Room = room;
    }

    private sealed class Space : IStorageSpace
    {
        public long? Room { get; set; }

        public ValueTask CheckAsync(long bytes, CancellationToken cancellationToken) => ValueTask.CompletedTask;

        public VolumeSpace? Measure() => Room is { } room ? new VolumeSpace(room, 200 * Gigabyte) : null;
    }
}
