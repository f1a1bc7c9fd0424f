using System.Collections.Concurrent;
using Microsoft.Azure.Amqp;
using Microsoft.Azure.Amqp.Framing;
using Microsoft.Azure.Amqp.Transport;

namespace ImageAspire.ServiceBusEmulator.Wire;

/// <summary>A client's connection: limits, and what its links share.</summary>
internal sealed class ServerConnection : AmqpConnection
{
    private readonly ConcurrentDictionary<OutgoingLink, byte> _outgoing = [];
    private readonly WireLimits _limits;
    private long _receiving;
    private int _links;

    public ServerConnection(TransportBase transport, ProtocolHeader header, AmqpSettings amqp, AmqpConnectionSettings settings, WireLimits limits)
        : base(transport, header, false, amqp, settings) => (_limits, Transactions) = (limits, new Transactions(bytes => CountReceived(-bytes)));

    public ReplyLinks Replies { get; } = new();

    public Transactions Transactions { get; }

    /// <summary>Whether the client reads so slowly that nothing more should be written.</summary>
    public bool IsCongested { get; private set; }

    public void Add(OutgoingLink link) => _outgoing[link] = 0;

    public void Remove(OutgoingLink link) => _outgoing.TryRemove(link, out _);

    /// <summary>Counts one more link.</summary>
    /// <exception cref="AmqpException">There are too many.</exception>
    public void CountLink(AmqpLink link)
    {
        if (Interlocked.Increment(ref _links) > WireLimits.MaxLinks)
        {
            Interlocked.Decrement(ref _links);
            throw new AmqpException(AmqpErrorCode.ResourceLimitExceeded, $"A connection has at most {WireLimits.MaxLinks} links.");
        }

        link.Closed += (_, _) => Interlocked.Decrement(ref _links);
    }

    /// <summary>Counts bytes of messages that were received and are not answered yet; negative ones are given back.</summary>
    /// <exception cref="AmqpException">There are too many.</exception>
    public void CountReceived(long bytes)
    {
        if (Interlocked.Add(ref _receiving, bytes) > _limits.MaxReceivingBytes && bytes > 0)
            throw new AmqpException(AmqpErrorCode.ResourceLimitExceeded, $"More than {_limits.MaxReceivingBytes} bytes of messages are on their way on this connection.");
    }

    protected override bool CloseInternal()
    {
        var isClosed = base.CloseInternal();
        if (!isClosed)
            _ = AbortLaterAsync();
        return isClosed;
    }

    protected override void OnFrameBuffer(ByteBuffer buffer)
    {
        var dataOffset = buffer.Length > 4 ? buffer.Buffer[buffer.Offset + 4] * 4 : 0;
        if (dataOffset < Frame.HeaderSize || dataOffset > buffer.Length)
            throw new AmqpException(AmqpErrorCode.FramingError, "The frame's data does not begin within it.");
        if (buffer.Length > dataOffset)
            AmqpBounds.Check(buffer.Buffer.AsSpan(buffer.Offset + dataOffset, buffer.Length - dataOffset));
        base.OnFrameBuffer(buffer);
    }

    protected override void HandleIoEvent(IoEvent ioEvent)
    {
        IsCongested = ioEvent == IoEvent.WriteBufferQueueFull;
        base.HandleIoEvent(ioEvent);
        if (IsCongested)
            return;
        foreach (var link in _outgoing.Keys)
            link.Wake();
    }

    // A client that does not answer a close would keep its connection.
    private async Task AbortLaterAsync()
    {
        await Task.Delay(WireLimits.Goodbye, TimeProvider.System);
        Abort();
    }
}
