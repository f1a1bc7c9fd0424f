using System.Text.Json;
using System.Threading.Channels;
using ImageAspire.Api.Http;
using ImageAspire.Core.Events;
using ImageAspire.Core.Images;

namespace ImageAspire.Api.Live;

/// <summary>An event of the live feed.</summary>
/// <param name="Id">Event id; also the SSE id.</param>
/// <param name="Image">The image.</param>
/// <param name="Type">What happened.</param>
/// <param name="Time">When, UTC.</param>
/// <param name="Version">The record's version after it.</param>
/// <param name="Status">The record's status after it.</param>
/// <param name="Name">The image's name.</param>
internal sealed record LiveEvent(Guid Id, Guid Image, string Type, DateTimeOffset Time, long Version, ImageStatus Status, string Name);

/// <summary>One event, ready to be written to many clients.</summary>
/// <param name="Id">Event id.</param>
/// <param name="Frame">The bytes of its SSE frame.</param>
internal sealed record LiveFrame(Guid Id, byte[] Frame);

/// <summary>The latest events of this instance and the clients that follow them. Memory is bounded: a history, and a short queue per client.</summary>
internal sealed class LiveFeed(ApiOptions options)
{
    private const int ClientQueue = 1000;
    private readonly Lock _lock = new();
    private readonly Queue<LiveFrame> _history = new();
    private readonly LiveClients _clients = new(options.LiveClients, options.LiveClientsPerKey);

    /// <summary>Sends an event to all clients.</summary>
    public void Publish(ImageEvent e)
    {
        var frame = new LiveFrame(e.Id, Format(e));
        lock (_lock)
        {
            _history.Enqueue(frame);
            if (_history.Count > options.LiveHistory)
                _history.Dequeue();
            _clients.Send(frame);
        }
    }

    /// <summary>Subscribes a client and returns what it missed in one atomic step, so that no event falls in between. Null when there are too many clients.</summary>
    /// <param name="key">Id of the client's API key.</param>
    /// <param name="lastId">The last event that the client has seen; null for a new one.</param>
    public (LiveClient? Client, LiveAdmission Admission) Subscribe(Guid key, Guid? lastId)
    {
        lock (_lock)
        {
            var channel = Channel.CreateBounded<LiveFrame>(ClientQueue);
            var admission = _clients.TryAdd(key, channel);
            if (admission != LiveAdmission.Admitted)
                return (null, admission);
            var missed = lastId is null ? [] : _history.SkipWhile(frame => frame.Id != lastId).Skip(1).ToList();
            var known = lastId is null || _history.Any(frame => frame.Id == lastId);
            return (new LiveClient(missed, !known, channel.Reader, () => Unsubscribe(key, channel)), admission);
        }
    }

    /// <summary>Ends every stream when the process stops.</summary>
    public void Close()
    {
        lock (_lock)
            _clients.Clear();
    }

    private void Unsubscribe(Guid key, Channel<LiveFrame> channel)
    {
        lock (_lock)
            _clients.Remove(key, channel);
    }

    private static byte[] Format(ImageEvent e)
    {
        var data = JsonSerializer.SerializeToUtf8Bytes(
            new LiveEvent(e.Id, e.ImageId, e.Type, e.Time, e.Data.Version, e.Data.Status, e.Data.Name), ApiJson.Default.LiveEvent);
        // JSON on one line cannot break a frame: control characters are escaped in it.
        return [.. "id: "u8, .. System.Text.Encoding.ASCII.GetBytes(e.Id.ToString("D")), .. "\nevent: "u8,
            .. System.Text.Encoding.ASCII.GetBytes(e.Type), .. "\ndata: "u8, .. data, .. "\n\n"u8];
    }
}

/// <summary>One client.</summary>
/// <param name="Missed">Events since its last one.</param>
/// <param name="MustReset">True when its last event is no longer in the history; it must reload everything.</param>
/// <param name="Frames">Events from now on.</param>
/// <param name="Unsubscribe">Ends the subscription.</param>
internal sealed record LiveClient(IReadOnlyList<LiveFrame> Missed, bool MustReset, ChannelReader<LiveFrame> Frames, Action Unsubscribe) : IDisposable
{
    public void Dispose() => Unsubscribe();
}
