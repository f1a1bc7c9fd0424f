using ImageAspire.Core.Ports;

namespace ImageAspire.Api.Operations;

/// <summary>
/// When the disk has no more room for uploads, by how it filled while this process ran: one look every five minutes, of the last day. In
/// memory: after a restart there is no forecast for a while.
/// </summary>
internal sealed class StorageForecast(IStorageSpace space, TimeProvider time) : BackgroundService
{
    private static readonly TimeSpan Interval = TimeSpan.FromMinutes(5), Window = TimeSpan.FromDays(1), ShortestSpan = TimeSpan.FromMinutes(10);
    private static readonly TimeSpan Farthest = TimeSpan.FromDays(3650); // what is further away says nothing
    private readonly Lock _lock = new();
    private readonly Queue<(long At, long Room)> _looks = [];

    /// <summary>The room now, and when it is used up if the disk goes on to fill as it did.</summary>
    public StorageAnswer Read()
    {
        if (space.Measure() is not { } room)
            return new StorageAnswer(null, null, null, null, null);
        lock (_lock)
        {
            Forget();
            if (!_looks.TryPeek(out var first) || time.GetElapsedTime(first.At) is var span && span < ShortestSpan)
                return new StorageAnswer(room.RoomBytes, room.TotalBytes, null, null, null);
            var perSecond = (first.Room - room.RoomBytes) / span.TotalSeconds;
            var left = perSecond > 0 ? Math.Max(0, room.RoomBytes) / perSecond : double.PositiveInfinity;
            return new StorageAnswer(room.RoomBytes, room.TotalBytes, Math.Round(perSecond * 3600), Math.Round(span.TotalSeconds), left <= Farthest.TotalSeconds ? Math.Round(left) : null);
        }
    }

    /// <summary>Looks at the room.</summary>
    public void Look()
    {
        if (space.Measure() is not { } room)
            return;
        lock (_lock)
        {
            Forget();
            _looks.Enqueue((time.GetTimestamp(), room.RoomBytes));
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Interval, time);
        try
        {
            do
                Look();
            while (await timer.WaitForNextTickAsync(stoppingToken));
        }
        catch (OperationCanceledException)
        {
            // The host stops.
        }
    }

    private void Forget()
    {
        while (_looks.TryPeek(out var oldest) && time.GetElapsedTime(oldest.At) > Window)
            _looks.Dequeue();
    }
}
