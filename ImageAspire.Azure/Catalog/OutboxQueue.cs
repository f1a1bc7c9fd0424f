using System.Threading.Channels;
using ImageAspire.Core.Events;

namespace ImageAspire.Azure.Catalog;

/// <summary>
/// Events that this process has just committed, for the relay. Only a shortcut: every event is also in its document's outbox, so the sweep
/// finds those that do not fit in here or are lost with the process.
/// </summary>
internal sealed class OutboxQueue
{
    private const int Capacity = 10_000;

    private readonly Channel<ImageEvent> _events = Channel.CreateBounded<ImageEvent>(new BoundedChannelOptions(Capacity) { SingleReader = true });

    /// <summary>The relay's end.</summary>
    public ChannelReader<ImageEvent> Reader => _events.Reader;

    /// <summary>Adds an event; when the queue is full or closed, the sweep publishes it.</summary>
    public void TryAdd(ImageEvent e) => _events.Writer.TryWrite(e);

    /// <summary>Accepts no more events.</summary>
    public void Close() => _events.Writer.TryComplete();
}
