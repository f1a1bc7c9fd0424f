using System.Threading.Channels;
using ImageAspire.Core.Events;

namespace ImageAspire.Azure.Catalog;

/// <summary>
/// Events that this process has just committed, on their way to the relay without another read. A shortcut only: every one of them
/// also waits in its document's outbox, so what does not fit in here, or is lost with the process, is found by the sweep.
/// </summary>
internal sealed class OutboxQueue
{
    private const int Capacity = 10_000;

    private readonly Channel<ImageEvent> _events = Channel.CreateBounded<ImageEvent>(new BoundedChannelOptions(Capacity) { SingleReader = true });

    /// <summary>What the relay reads.</summary>
    public ChannelReader<ImageEvent> Reader => _events.Reader;

    /// <summary>Hands over an event; when the queue is full or closed it is left to the sweep.</summary>
    public void Offer(ImageEvent e) => _events.Writer.TryWrite(e);

    /// <summary>Takes no more.</summary>
    public void Close() => _events.Writer.TryComplete();
}
